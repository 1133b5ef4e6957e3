#!/usr/bin/env bash
# One application from intake to disbursement over GraphQL, each step by the party that takes it.
# Needs a demo without partners whose clock stands at the day of the form:
#   yushi demo --no-partners --clock 2026-04-06T01:00:00Z --data walk-data
# WALK_UNTIL=asked|passed|instructed|ordered ends there: the guarantor, the insurer, the scrivener or core banking has work then.
# Usage: docs/walk/walk.sh [API] [DIR of the demo] [yushi]
set -euo pipefail
api=${1:-http://127.0.0.1:8080} data=${2:-walk-data} yushi=${3:-target/demo/yushi}
here=$(cd "$(dirname "$0")" && pwd)
bank=2963 id=''

token() { # ROLE [SUBJECT]: lenders and applicants belong to the bank, partners to their organisation
  case $1 in
    APPLICANT) "$yushi" token --data "$data" --role "$1" --institution $bank --organisation CHANNEL ;;
    GUARANTOR | INSURER | MEMBER_ORG | SCRIVENER | REGISTRY)
      "$yushi" token --data "$data" --role "$1" --institution $bank --organisation "$1-1" ;;
    CORE_BANKING) "$yushi" token --data "$data" --role "$1" --institution $bank --organisation CORE-$bank ;;
    *) "$yushi" token --data "$data" --role "$1" --institution $bank --subject "${2:-walk-$1}" ;;
  esac
}

post() { # TOKEN BODY
  curl -sS "$api/graphql" -H "Authorization: Bearer $1" -H 'Content-Type: application/json' \
    -H "Idempotency-Key: walk-step-$(date +%s%N)" --data-binary @- <<<"$2"
}

# The request that a partner's verb answers: a partner names it instead of a version of the case.
request() { # ROLE VERB
  post "$(token "$1")" "{\"query\":\"{ allowedActions(applicationId: \\\"$id\\\") { verb requestId } }\"}" |
    grep -oE "\"verb\":\"$2\",\"requestId\":\"[^\"]+\"" | head -1 | sed -E 's/.*:"([^"]+)"$/\1/'
}

# ROLE 'mutation(arguments)': what is done and how it ended. The case is added to the arguments.
as() {
  local who=$1 verb=${2%%(*} arguments='' answer
  [[ $2 == *'('* ]] && arguments=", ${2#*(}" && arguments=${arguments%)}
  case $who in
    GUARANTOR | INSURER | MEMBER_ORG | SCRIVENER | REGISTRY) arguments=", requestId: \"$(request "$who" "$verb" || true)\"$arguments" ;;
  esac
  answer=$(post "$(token "$who" "${3:-}")" "{\"query\":\"mutation { $verb(applicationId: \\\"$id\\\"${arguments//\"/\\\"}) \
{ __typename ... on Done { version rows } ... on Blocked { code unmet { code rule subject } } \
... on Invalid { problems { field messageEn } } } }\"}")
  printf '%-18s %-26s %s\n' "$who" "$verb" "$(sed -E 's/.*"__typename":"([A-Za-z]+)".*/\1/; t; s/^/FAILED /' <<<"$answer") $(grep -oE '"rows":\[[^]]*\]' <<<"$answer" || true)"
  grep -q '"__typename":"Done"' <<<"$answer" || { echo "$answer" >&2; exit 1; }
}

# The office takes the job, with its check of conflicts: nothing is done in a case before.
takes_job() {
  local answer
  answer=$(post "$(token SCRIVENER)" "{\"query\":\"mutation { answerEngagement(applicationId: \\\"$id\\\", accepts: true, ownOrRelative: false, \
otherParty: false) { lineId problems { messageEn } } }\"}")
  printf '%-18s %-26s %s\n' SCRIVENER answerEngagement "$(grep -oE '"problems":\[.*\]' <<<"$answer" || true)"
  grep -q '"problems":\[\]' <<<"$answer" || { echo "$answer" >&2; exit 1; }
}

# Four eyes: the first person proposes, the second decides.
four_eyes() { # MAKER CHECKER 'mutation'
  as "$1" "$3" "walk-maker"
  local pending
  pending=$(post "$(token "$2" walk-checker)" "{\"query\":\"{ application(id: \\\"$id\\\") { proposals { id } } }\"}" |
    sed -E 's/.*"id":"(P[0-9]+)".*/\1/')
  as "$2" "approveProposal(proposalId: \"$pending\")" walk-checker
}

# The server acts by itself (list search, bureau, the day itself): wait until the case shows it.
until_shown() { # ROLE PATTERN in what the role sees of the case's stage and tracks
  local tries=0
  until post "$(token "$1")" "{\"query\":\"{ application(id: \\\"$id\\\") { stage tracks { track key state } } }\"}" | grep -qE "$2"; do
    tries=$((tries + 1))
    [ $tries -lt 100 ] || { echo "not seen: $2" >&2; exit 1; }
    sleep 0.2
  done
}

stop() { # NAME: the walk may end here
  [ "${WALK_UNTIL:-}" != "$1" ] || exit 0
}

clock() { # INSTANT: the demo's clock moves forward only
  curl -sS -o /dev/null -X POST "$api/demo/clock" -H "Authorization: Bearer $(token BRANCH_MANAGER)" \
    -H 'Content-Type: application/json' -d "{\"to\":\"$1\"}"
}

created=$(post "$(token APPLICANT)" "{\"query\":\"mutation(\$form: FormInput!) { createDraft(form: \$form) { ... on Done { application { id } } \
... on Invalid { problems { field messageEn } } } }\",\"variables\":{\"form\":$(cat "$here/form.json")}}")
id=$(sed -E 's/.*"id":"([^"]+)".*/\1/' <<<"$created")
echo "case $id"

as APPLICANT submitApplication
as BRANCH_CLERK orderValuation
four_eyes BRANCH_CLERK BRANCH_MANAGER startScreening
stop asked
as MEMBER_ORG 'confirmMembership(partyId: "A1", certifiedOn: "2026-04-06")'
as GUARANTOR 'approveGuarantee(decision: {guaranteeNumber: "G-1", amountYen: 30000000, termMonths: 420, loans: [{loanNo: 1, monthlyRatePercent: "0.180"}]})'
as BRANCH_CLERK 'passDeclaration(partyId: "A1", loanNo: 1)'
stop passed
as INSURER 'acceptInsurance(partyId: "A1", loanNo: 1, sumYen: 30000000)'
as SCREENING_OFFICER 'recordValuation(amountYen: 33000000, lendableYen: 33000000)'
until_shown COMPLIANCE '"CLEAR"[^}]*"AML"|"AML"[^}]*"CLEAR"'
until_shown BRANCH_CLERK '"ANSWERED"[^}]*"BUREAU"|"BUREAU"[^}]*"ANSWERED"'
four_eyes SCREENING_OFFICER BRANCH_MANAGER approveLoan
as BRANCH_CLERK startContracting
as BRANCH_CLERK 'recordExplanation(partyId: "A1", bookletVersion: "2024-04")'
as BRANCH_CLERK 'verifyIdentity(partyId: "A1", method: "CHIP")'
as APPLICANT 'signContract(partyId: "A1")'
as APPLICANT tenderContract
four_eyes BRANCH_CLERK BRANCH_MANAGER 'acceptContract(contractDate: "2026-04-06")'
as BRANCH_CLERK 'instructScrivener(filing: "F1")'
stop instructed
takes_job
as SCRIVENER 'verifyMortgagors(filing: "F1", method: "IN_PERSON")'
as SCRIVENER 'readyPapers(filing: "F1", sealCertificateOn: "2026-04-01")'
as APPLICANT 'handInFireEvidence(propertyNo: 2)'
as BRANCH_CLERK 'verifyFireCover(propertyNo: 2, coversFrom: "2026-06-01", coversUntil: "2036-06-01")'
as BRANCH_CLERK 'recordCosts(scrivenerBillYen: 120000, fundsAvailableYen: 3000000)'
as BRANCH_CLERK 'scheduleDisbursement(date: "2026-06-15")'
clock 2026-06-15T00:30:00Z
until_shown BRANCH_CLERK '"stage":"READY"'
as OPERATIONS orderPosting walk-operations-1
pending=$(post "$(token OPERATIONS walk-operations-2)" "{\"query\":\"{ application(id: \\\"$id\\\") { proposals { id } } }\"}" | sed -E 's/.*"id":"(P[0-9]+)".*/\1/')
as OPERATIONS "approveProposal(proposalId: \"$pending\")" walk-operations-2
stop ordered
key=$(post "$(token CORE_BANKING)" "{\"query\":\"{ application(id: \\\"$id\\\") { postings { key } } }\"}" | sed -E 's/.*"key":"([^"]+)".*/\1/')
as CORE_BANKING "confirmPosting(postingKey: \"$key\", reference: \"LEDGER-1\")"
as CORE_BANKING 'acceptServicing(servicingNumber: "S-1")'
until_shown BRANCH_CLERK '"stage":"HANDED_OVER"'
echo 'handed over to servicing'
