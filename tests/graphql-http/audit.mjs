// Runs the server audits of `graphql-http` against a URL and prints one JSON line for each; all MUST and SHOULD must be "ok".
import { auditServer } from "graphql-http";

const [url] = process.argv.slice(2);
const token = process.env.AUDIT_TOKEN;
const fetchFn = (address, options = {}) => {
  const headers = new Headers(options.headers);
  headers.set("authorization", `Bearer ${token}`);
  return fetch(address, { ...options, headers });
};
for (const result of await auditServer({ url, fetchFn })) {
  const { id, name, status, reason } = result;
  console.log(JSON.stringify({ id, name, status, reason }));
}
