"""The official library of Python on both sides: a line of standard input is a task, a line of standard output its answer."""

import json
import sys
from datetime import datetime, timezone

from standardwebhooks.webhooks import Webhook

for line in sys.stdin:
    task = json.loads(line)
    webhook = Webhook(task["secret"])
    if task["task"] == "sign":
        at = datetime.fromtimestamp(task["timestamp"], tz=timezone.utc)
        print(json.dumps({"signature": webhook.sign(task["id"], at, task["body"])}))
        continue
    headers = {
        "webhook-id": task["id"],
        "webhook-timestamp": str(task["timestamp"]),
        "webhook-signature": task["signature"],
    }
    try:
        webhook.verify(task["body"], headers)
        print(json.dumps({"accepted": True}))
    except Exception as error:
        print(json.dumps({"accepted": False, "why": str(error)}))
