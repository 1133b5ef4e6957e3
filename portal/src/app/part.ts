import type { AnyRoute, RouteComponent } from '@tanstack/react-router'
import type { NavItem } from '@/ui'

/** The pages of some roles. A part knows nothing of the others. */
export interface Part {
  roles: readonly string[]
  /** What stands at `/`. */
  Home: RouteComponent
  nav: (role: string) => NavItem[]
  /** The page that searches; without it there is no search field. The text travels beside the address, never in it: it may be a name. */
  search?: string
  /** Routes below the frame. */
  routes: (frame: AnyRoute) => AnyRoute[]
}
