import { useSeat } from '@/lib/use'
import Applications from './Applications'
import Queue from './Queue'

/** The first page: the work; for the auditor, who has none in a queue, the cases. */
export default function Home() {
  const { session } = useSeat()
  return session.role === 'AUDITOR' ? <Applications /> : <Queue />
}
