// The official library of JavaScript on both sides: a line of standard input is a task, a line of standard output its answer.
import { createInterface } from 'node:readline'
import { Webhook } from 'standardwebhooks'

for await (const line of createInterface({ input: process.stdin })) {
  const { task, secret, id, timestamp, signature, body } = JSON.parse(line)
  const webhook = new Webhook(secret)
  if (task === 'sign') {
    console.log(JSON.stringify({ signature: webhook.sign(id, new Date(timestamp * 1000), body) }))
    continue
  }
  try {
    webhook.verify(body, { 'webhook-id': id, 'webhook-timestamp': `${timestamp}`, 'webhook-signature': signature })
    console.log(JSON.stringify({ accepted: true }))
  } catch (error) {
    console.log(JSON.stringify({ accepted: false, why: error.message }))
  }
}
