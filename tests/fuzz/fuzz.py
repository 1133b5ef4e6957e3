"""Asks a running service everything that its schemas allow, as every role, and counts what came of it.

Standard input: {"url", "examples", "seed", "every_role", "roles": {role: {"id", "secret", "schema"}}}, where `schema` is a file
with the role's part of the schema. Standard output: one JSON object of counts. Operations come from schemathesis; identifiers are taken
from what the role itself sees, so that questions meet cases. `every_role`: each operation as each role that has it, otherwise
as one of them in turn.
"""

import base64
import dataclasses
import json
import random
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections import Counter

import schemathesis
from graphql import (
    FieldNode, GraphQLNonNull, IntValueNode, ListValueNode, NullValueNode, SelectionSetNode, StringValueNode, TypeInfo,
    TypeInfoVisitor, Visitor, build_schema, get_named_type, parse, parse_value, print_ast, visit,
)
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

TEXTS = {
    "ClockTime": st.times().map(lambda at: at.strftime("%H:%M")),
    "Date": st.dates().map(str),
    "DateTime": st.datetimes().map(lambda at: at.isoformat() + "Z"),
    "Decimal": st.decimals(-100, 100, places=3).map(str),
    "Percent": st.decimals(0, 100, places=3).map(str),
}
for name, texts in TEXTS.items():
    schemathesis.graphql.scalar(name, texts.map(lambda text: StringValueNode(value=text)))
schemathesis.graphql.scalar("Yen", st.integers(-1, 10**9).map(lambda yen: IntValueNode(value=str(yen))))
schemathesis.graphql.scalar("Json", st.text(max_size=20).map(lambda text: StringValueNode(value=text)))

# Operations whose `id` is none of a case.
POOLS = {
    "claimTask": "task", "releaseTask": "claimed", "markRead": "inbox", "approveRate": "rate", "returnRate": "rate",
    "proposeUserAccountChange": "account", "approveUserAccountChange": "change", "returnUserAccountChange": "change",
    "endDeputy": "deputy", "proposeContractorStep": "contractor", "proposeContractorSubstitute": "contractor",
    "reviewContractor": "contractor", "handleComplaint": "complaint", "answerComplaint": "complaint",
    "proposeComplaintClosure": "complaint", "proposeTrainingRevocation": "training", "approveRegisterStep": "line",
    "returnRegisterStep": "line", "deleteView": "view", "proposeColleagueChange": "colleague",
    "addWebhookEndpoint": "hook", "webhookMessages": "hook", "changeWebhookEndpoint": "hook",
    "rotateWebhookSecret": "hook", "testWebhookEndpoint": "hook", "resendWebhooks": "hook",
    "handleIncidents": "incident", "previewIncidents": "incident", "resendDelivery": "delivery", "markPosted": "delivery",
    "paperLink": "file", "checkPaper": "file", "approveDayStep": "day", "returnDayStep": "day",
    "intakeDraft": "draft", "saveIntakeDraft": "draft", "discardIntakeDraft": "draft",
    "offerOriginal": "original", "takeOriginal": "original", "keepOriginal": "original",
}
# One loan that can be simulated: values made up at random are refused before anything is computed.
SCENARIOS = parse_value('[{ label: "one", amountYen: 30000000, ratePercent: "1.150", termMonths: 420, disbursedOn: "2026-06-30", firstRepaymentOn: "2026-07-25", repaymentDay: 25 }]')
# What is there to meet: each role makes what it may, and sees what it may.
MADE = {
    "proposeRate": 'series: BASE_RATE, ratePercent: "2.000", validFrom: "2030-04-01"',
    "nameDeputy": 'deputy: "%s", from: "2027-01-04", until: "2027-01-29", reason: "休暇"',
    "proposeUserAccount": 'account: { login: "new-clerk", name: "新任 一郎", roles: [BRANCH_CLERK] }',
    "proposeContractor": 'organisation: "OFFICE-9", name: "見本事務所", service: SCRIVENER, contractFrom: "2026-04-01", nextReviewOn: "2027-03-31"',
    "fileComplaint": 'category: OTHER, text: "連絡がありません。"',
    "saveView": 'page: "/applications", name: "見本", search: "?tab=mine"',
    "saveIntakeDraft": 'body: "{\\"form\\": {}}"',
    "addWebhookEndpoint": 'url: "https://hooks.bank.example/in", types: ["webhook.test"]',
    "handInLedger": 'date: "2026-04-01", list: "posting_key,loan_no,entry,amount_yen,booked_on,reference\\nTOTAL,0,0\\n"',
    "proposeDayClosing": 'date: "2026-04-01", carried: []',
    "proposeTraining": 'subject: "%s", course: IMPORTANT_MATTERS, passedOn: "2026-04-01", validUntil: "2027-03-31"',
}
# Work that is handed from nobody to a colleague.
HANDING = ("previewReassignment", "reassignTasks")
DRAFT = {"body": '"{}"', "version": "1"}
VIEW = {"page": "/applications", "name": "作業", "search": "?tab=mine"}
# A webhook endpoint as it may be; it stays active, so that a test event can be sent to it.
HOOK = {"url": '"https://hooks.bank.example/in"', "types": '["webhook.test"]', "state": "ACTIVE", "messageId": "null",
        "fromSequence": "0", "overlapHours": "24", "description": '"見本"'}
# The institutions of the demo's bank.
GUARANTORS = ["GUARANTOR-1", "GUARANTOR-2"]
# A period: of two days at random, one in two ends before it begins.
PERIOD = {"from": "2026-04-01", "until": "2026-06-30"}
# A wish that needs no address: one counts only once its code came by mail.
CONTACT = {"channel": "INBOX", "language": "BOTH", "mail": "null"}
LISTS = {
    "account": "userAccounts", "change": "userAccountChanges", "rate": "rateLines",
    "contractor": "contractors", "complaint": "complaints", "training": "trainings", "day": "dayEnds",
}
SLOW = 2.0
DEEPEST = 5
TYPENAME = parse("{ __typename }").definitions[0].selection_set.selections[0]
MOST_FIELDS = 60


class Meet(Visitor):
    """Puts identifiers that exist where identifiers stand, and keeps the document within what one may ask."""

    def __init__(self, types, dice, pool):
        super().__init__()
        self.types, self.dice, self.pool, self.depth, self.fields = types, dice, pool, 0, 0

    def enter_field(self, node, *_):
        self.depth += 1
        self.fields += 1
        return None

    def leave_field(self, node, *_):
        self.depth -= 1
        return None

    def enter_selection_set(self, node, *_):
        kept, room = [], MOST_FIELDS - self.fields
        for selection in node.selections:
            leaf = not isinstance(selection, FieldNode) or selection.selection_set is None
            if len(kept) < max(0, room) and (leaf or self.depth < DEEPEST):
                kept.append(selection)
        # The kind of a payload is always asked for: a payload of which nothing was selected would be no answer.
        kind = (TYPENAME,) if self.depth > 0 else ()
        return SelectionSetNode(selections=(*kept, *kind))

    def enter_argument(self, node, *_):
        return self.value(node, node.name.value)

    def enter_object_field(self, node, *_):
        return self.value(node, node.name.value)

    def value(self, node, name):
        kind = self.types.get_input_type()
        required = isinstance(kind, GraphQLNonNull)
        named = get_named_type(kind)
        if self.field_name() == "webhookMessages" and name == "state":
            return dataclasses.replace(node, value=NullValueNode())
        if "ebhook" in self.field_name() and name in HOOK:
            return dataclasses.replace(node, value=parse_value(HOOK[name]))
        if self.field_name() == "saveIntakeDraft" and name in DRAFT:
            return dataclasses.replace(node, value=parse_value(DRAFT[name]))
        if self.field_name() == "setContact" and name in CONTACT:
            return dataclasses.replace(node, value=parse_value(CONTACT[name]))
        if self.field_name() == "setDeskDigest" and name == "branch":
            return dataclasses.replace(node, value=StringValueNode(value=self.dice.choice(self.pool["branch"] or ["001"])))
        if named is None or isinstance(node.value, ListValueNode) and name not in ("scenarios", "ids"):
            return None
        made = None
        if self.field_name() in ("saveView", "savedViews"):
            made = StringValueNode(value=VIEW[name]) if name in VIEW else NullValueNode()
        elif name == "requestId":
            # A partner's answer names what it answers.
            made = StringValueNode(value=f"T{self.dice.randint(2, 9)}.{self.dice.randint(0, 3)}")
        elif self.field_name() == "answersGiven" and name in PERIOD and self.dice.random() < 0.9:
            made = StringValueNode(value=PERIOD[name])
        elif self.field_name() == "issuedNotices" and name in ("channel", "number", "branch", "from", "to"):
            made = NullValueNode()
        elif self.field_name() == "switchGuarantor" and name == "guarantor":
            made = StringValueNode(value=self.dice.choice(GUARANTORS))
        elif self.field_name() == "renewConsent" and name == "recipient":
            made = self.dice.choice([NullValueNode(), StringValueNode(value=self.dice.choice(GUARANTORS))])
        elif name == "ids":
            of = "task" if self.field_name() in HANDING else "delivery" if self.field_name() == "noticeSheets" else "incident"
            known = self.pool[of] or ["none"]
            made = ListValueNode(values=(StringValueNode(value=self.dice.choice(known)),))
        elif self.field_name() in HANDING and name in ("from", "to"):
            made = NullValueNode() if name == "from" else StringValueNode(value=self.pool["person"][0])
        elif name == "mailTo":
            made = NullValueNode()
        elif self.field_name() in ("paperLink", "checkPaper") and self.pool["file"] and self.dice.random() < 0.9 and name in ("applicationId", "fileId"):
            # A case and one of its own files.
            made = StringValueNode(value=self.pool["file"][0][("applicationId", "fileId").index(name)])
        elif named.name == "ID" and self.dice.random() < 0.9:
            pool = POOLS.get(self.field_name(), "case")
            known = self.pool["case" if pool == "file" else pool]
            if known:
                made = StringValueNode(value=self.dice.choice(known))
        elif self.field_name() == "accessLog" and name in ("applicationNumber", "subject"):
            # It takes one of the two, which no schema can say.
            number = name == "applicationNumber" and self.pool["number"]
            made = StringValueNode(value=self.dice.choice(number)) if number else NullValueNode()
        elif name == "partyId" and self.dice.random() < 0.9:
            made = StringValueNode(value="A1")
        elif name == "purpose" and self.field_name() == "disclosure":
            made = parse_value("DISCLOSURE")
        elif named.name == "String" and isinstance(node.value, StringValueNode) and self.dice.random() < 0.5:
            made = StringValueNode(value="理由")
        elif name == "scenarios" and self.dice.random() < 0.8:
            made = SCENARIOS
        elif name == "first" and self.dice.random() < 0.9:
            made = IntValueNode(value=str(self.dice.randint(1, 5)))
        elif name in ("after", "filter", "number", "expectedVersion", "cursor") and not required and self.dice.random() < 0.8:
            made = NullValueNode()
        if made is None:
            return None
        return dataclasses.replace(node, value=made)

    def field_name(self):
        field = self.types.get_field_def()
        parent = self.types.get_parent_type()
        if field is None or parent is None:
            return ""
        return next((name for name, known in parent.fields.items() if known is field), "")


def post(url, token, query, key=None):
    """Status, answer and seconds of one request."""
    headers = {
        "authorization": f"Bearer {token}",
        "content-type": "application/json",
        "accept": "application/graphql-response+json",
    }
    if key:
        headers["idempotency-key"] = key
    body = json.dumps({"query": query}, ensure_ascii=True).encode()
    request = urllib.request.Request(url, data=body, headers=headers)
    started = time.monotonic()
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            status, text = answer.status, answer.read()
    except urllib.error.HTTPError as refused:
        status, text = refused.code, refused.read()
    return status, text, time.monotonic() - started


def token_of(url, client):
    """A token for a client's credentials."""
    form = {"grant_type": "client_credentials", "client_id": client["id"], "client_secret": client["secret"]}
    request = urllib.request.Request(
        url.replace("/graphql", "/auth/token"), data=json.dumps(form).encode(), headers={"content-type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)["access_token"]


def data_of(url, token, query, field):
    """A field of an answer; None where the role has no such field."""
    key = uuid.uuid4().hex if query.startswith("mutation") else None
    _, text, _ = post(url, token, query, key)
    return (json.loads(text).get("data") or {}).get(field)


PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"


def sent(url, token, method, path, headers, body=None):
    """One request of the upload protocol: status and headers."""
    headers = {"authorization": f"Bearer {token}", "tus-resumable": "1.0.0", **headers}
    request = urllib.request.Request(url.replace("/graphql", path), data=body, headers=headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.headers
    except urllib.error.HTTPError as refused:
        return refused.code, refused.headers


def files_of(url, token, cases):
    """A case with a file that the role opens; where there is none, the role hands one in if it may."""
    query = '{ application(id: "%s") { papers { files { id opens } } } }'
    for again in (False, True):
        for case in cases[:20]:
            lines = (data_of(url, token, query % case, "application") or {}).get("papers") or []
            files = [file["id"] for line in lines for file in line["files"] if file["opens"]]
            if files:
                return [(case, files[0])]
        for case in [] if again else cases[:20]:
            said = {"applicationId": case, "paper": "SALE_CONTRACT", "filename": "fuzz.pdf"}
            metadata = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in said.items())
            opened = {"upload-length": str(len(PDF)), "upload-metadata": metadata}
            status, headers = sent(url, token, "POST", "/documents", opened, b"")
            if status == 201:
                patch = {"upload-offset": "0", "content-type": "application/offset+octet-stream"}
                sent(url, token, "PATCH", headers["location"], patch, PDF)
                break
    return []


def pool_of(url, token):
    """Identifiers that a role sees."""
    pages = {
        "case": ("applications", "{ applications(first: 100) { edges { node { id number } } } }"),
        "task": ("tasks", "{ tasks(first: 100) { edges { node { id } } } }"),
        "inbox": ("inbox", "{ inbox(first: 100) { edges { node { id } } } }"),
    }
    found = {}
    for name, (field, query) in pages.items():
        page = data_of(url, token, query, field)
        nodes = [edge["node"] for edge in page["edges"]] if page else []
        found[name] = [node["id"] for node in nodes]
        if name == "case":
            found["number"] = [node["number"] for node in nodes if node["number"]]
    claimed = data_of(url, token, "mutation { claimNext { id } }", "claimNext")
    found["claimed"] = [claimed["id"]] if claimed else []
    me = data_of(url, token, "{ me { subject branches } }", "me")
    found["branch"] = (me or {}).get("branches") or []
    # The colleague who does the same work.
    colleague = me["subject"][:-1] + "2" if me else ""
    found["person"] = [colleague or "nobody"]
    for name, arguments in MADE.items():
        arguments = arguments.replace("%s", colleague)
        data_of(url, token, f"mutation {{ {name}({arguments}) {{ __typename }} }}", name)
    for pool, name in LISTS.items():
        lines = data_of(url, token, f"{{ {name}(first: 50) {{ id }} }}", name)
        found[pool] = [line["id"] for line in lines or []]
    # Whom one named oneself, one may end.
    named = data_of(url, token, "{ deputies(first: 50) { id absent } }", "deputies")
    found["deputy"] = [line["id"] for line in named or [] if me and line["absent"] == me["subject"]]
    views = data_of(url, token, '{ savedViews(page: "/applications") { id } }', "savedViews")
    found["view"] = [view["id"] for view in views or []]
    drafts = data_of(url, token, "{ intakeDrafts(first: 20) { edges { node { id } } } }", "intakeDrafts")
    found["draft"] = [edge["node"]["id"] for edge in (drafts or {"edges": []})["edges"]]
    people = data_of(url, token, "{ colleagues(first: 50) { accountId } }", "colleagues")
    found["colleague"] = [person["accountId"] for person in people or []]
    # A scrivener's office takes a few jobs, and whoever has hands takes originals in.
    found["original"] = []
    for case in found["case"][:3]:
        data_of(
            url, token, f'mutation {{ answerEngagement(applicationId: "{case}", accepts: true, ownOrRelative: false, otherParty: false) {{ lineId }} }}',
            "answerEngagement",
        )
        data_of(url, token, f'mutation {{ registerOriginal(applicationId: "{case}", kind: SEAL_CERTIFICATE) {{ lineId }} }}', "registerOriginal")
        # A guarantor's people have written something for each other.
        data_of(url, token, f'mutation {{ addReviewMemo(applicationId: "{case}", text: "所得の変動を確認") {{ memoId }} }}', "addReviewMemo")
        desk = data_of(url, token, f'{{ registrationDesk(applicationId: "{case}") {{ originals {{ id }} }} }}', "registrationDesk")
        found["original"] += [line["id"] for line in (desk or {"originals": []})["originals"]]
    # Who may keep endpoints keeps one from the beginning.
    data_of(
        url, token, 'mutation { addWebhookEndpoint(url: "https://hooks.bank.example/in", types: ["webhook.test"]) { endpoint { id } } }',
        "addWebhookEndpoint",
    )
    hooks = data_of(url, token, "{ webhookEndpoints { id } }", "webhookEndpoints")
    found["hook"] = [hook["id"] for hook in hooks or []]
    incidents = data_of(url, token, "{ incidents(first: 50) { edges { node { id } } } }", "incidents")
    # Where nothing went wrong, an action about something that is over is answered all the same.
    found["incident"] = [edge["node"]["id"] for edge in (incidents or {}).get("edges", [])] or ["PARCEL:none"]
    found["delivery"] = []
    for case in found["case"][:5]:
        ledger = data_of(url, token, f'{{ deliveries(applicationId: "{case}", first: 50) {{ edges {{ node {{ id channel state }} }} }} }}', "deliveries")
        lines = [edge["node"] for edge in (ledger or {}).get("edges", [])]
        found["delivery"] += [line["id"] for line in lines if line["channel"] == "INBOX" and line["state"] == "DELIVERED"]
    found["file"] = files_of(url, token, found["case"])
    found["line"] = found["contractor"] + found["complaint"] + found["training"]
    return found


def main():
    ask = json.load(sys.stdin)
    url, examples = ask["url"], ask["examples"]
    turns = Counter()
    counts = Counter()
    codes = Counter()
    reached, known, failures = Counter(), set(), []
    holders = {}
    schemas = {}
    for role, its in ask["roles"].items():
        loaded = schemathesis.graphql.from_path(its["schema"])
        operations = {result.ok().label: result.ok() for result in loaded.get_all_operations()}
        operations = {label: op for label, op in operations.items() if not label.startswith("Subscription.")}
        with open(its["schema"], encoding="utf-8") as file:
            built = build_schema(file.read())
        token = token_of(url, its)
        schemas[role] = (built, operations, pool_of(url, token), token)
        for label in operations:
            holders.setdefault(label, []).append(role)
            known.add(label)
    pairs, others = [], []
    for at, (label, roles) in enumerate(sorted(holders.items())):
        # Whoever sees what it is about meets it, and whoever sees most meets most; the others take turns with the rest.
        about = POOLS.get(label.split(".")[1], "case")
        ranked = sorted(roles, key=lambda role: (not schemas[role][2][about], -sum(map(len, schemas[role][2].values()))))
        most = len(ranked) if ask["every_role"] else 1
        pairs += [(label, role) for role in ranked[:most]]
        others += [(label, role) for role in ranked[most:]]
    # What was claimed is released before its case moves on.
    pairs.sort(key=lambda pair: pair[0] != "Mutation.releaseTask")
    for at, (label, role) in enumerate(pairs + others + pairs):
        # What the first role did not reach is asked by the next, and at last by the first one more often.
        if at >= len(pairs) and reached[label]:
            continue
        built, operations, pool, token = schemas[role]
        turn = 1 if at < len(pairs) + len(others) else 2
        dice = random.Random(f"{ask['seed'] * turn}{label}{role}")

        def play(case):
            types = TypeInfo(built)
            document = parse(case.body)
            document = visit(document, TypeInfoVisitor(types, Meet(types, dice, pool)))
            query = print_ast(document)
            key = uuid.UUID(int=dice.getrandbits(128)).hex if label.startswith("Mutation.") else None
            status, text, took = post(url, token, query, key)
            counts["requests"] += 1
            turns[role] += 1
            counts[f"status {status}"] += 1
            try:
                answer = json.loads(text)
            except ValueError:
                answer = {}
                failures.append(["not JSON", role, label, query])
            data = answer.get("data")
            # Nothing to claim is an answer too; an error is none.
            if isinstance(data, dict) and (any(value is not None for value in data.values()) or "errors" not in answer):
                counts["with data"] += 1
                reached[label] += 1
            for error in answer.get("errors", []):
                code = error.get("extensions", {}).get("code", "none")
                codes[code] += 1
                if code in ("INTERNAL_SERVER_ERROR", "none"):
                    failures.append([code, role, label, query])
            if status >= 500:
                failures.append([status, role, label, query])
            if took > SLOW:
                failures.append([f"{took:.1f} s", role, label, query])

        strategy = operations[label].as_strategy()
        test = settings(
            # What is about one thing among many is tried more often.
            max_examples=examples * (3 if label.split(".")[1] in POOLS else 1) * turn * turn, database=None, deadline=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )(given(case=strategy)(play))
        seed(ask["seed"] * turn)(test)()
    json.dump(
        {
            "counts": counts, "codes": codes, "roles": turns, "operations": len(known), "reached": sum(1 for label in known if reached[label]),
            "unreached": sorted(label for label in known if not reached[label]), "failures": failures[:20], "failed": len(failures),
        },
        sys.stdout, ensure_ascii=False,
    )


main()
