import { useParams } from '@tanstack/react-router'
import { MyCase } from '@/gql/operations'
import { useText } from '@/i18n'
import { useRead } from '@/lib/use'
import { Empty, PageHead, Read } from '@/ui'
import Intake, { type Way } from '../staff/intake/Intake'
import { FORM_VERBS } from './verbs'
import '../partner/outside.css'
import './applicant.css'

/** What the bank fills in. */
const BANKS_OWN = ['collateralValuation', 'siteSurveyPlanned', 'tieUpProduct']

const wayOf = (verb: string): Way => ({ verb, to: '/me/$id', title: 'me.form', without: BANKS_OWN })

/** The form of an application, step by step: a new one, a draft, or what is already handed in, as far as it may still be changed. */
export default function Apply() {
  const { id } = useParams({ strict: false }) as { id?: string }
  return <div className="outside form-page">{id ? <Again id={id} /> : <Intake way={wayOf('editDraft')} />}</div>
}

function Again({ id }: { id: string }) {
  const text = useText()
  const read = useRead(MyCase, { id })
  return (
    <Read of={read}>
      {({ allowedActions }) => {
        const verb = FORM_VERBS.find((one) => allowedActions?.some((action) => action.verb === one && action.enabled))
        if (verb) return <Intake way={wayOf(verb)} />
        return (
          <>
            <PageHead title={text('me.form')} />
            <Empty title={text('me.form.closed')} />
          </>
        )
      }}
    </Read>
  )
}
