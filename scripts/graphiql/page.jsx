// The query page of the demo: GraphiQL with a choice of demo users, each with the schema of its role.
import { GraphiQL } from "graphiql";
import { createGraphiQLFetcher } from "@graphiql/toolkit";
import { getOperationAST } from "graphql";
import { createClient } from "graphql-ws";
import { useEffect, useMemo, useState } from "react";
import { createRoot } from "react-dom/client";
import "graphiql/graphiql.css";
import "./page.css";

const CHOSEN = "yushi:user";
const START = `# Choose a user above: every role has a schema of its own.
query Queue {
  me { role subject institution }
  applications(first: 10) {
    totalCount
    edges { node { id number stage stageLabel { ja en } version } }
  }
}
`;

async function grantOf(user) {
  const answer = await fetch("/auth/token", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      grant_type: "client_credentials",
      client_id: user.clientId,
      client_secret: user.clientSecret,
    }),
  });
  if (!answer.ok) throw new Error(`sign-in refused: ${answer.status}`);
  return answer.json();
}

/** A token of the user, asked for again a minute before it ends. */
function tokens(user) {
  let token = null;
  let until = 0;
  return async () => {
    if (Date.now() > until) {
      const grant = await grantOf(user);
      token = grant.access_token;
      until = Date.now() + Math.max(grant.expires_in - 60, 1) * 1000;
    }
    return token;
  };
}

/** Asks as the user. A mutation without a key of its own gets a fresh one. */
function fetcherOf(user) {
  const token = tokens(user);
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  const wsClient = createClient({
    url: `${scheme}//${location.host}/graphql`,
    connectionParams: async () => ({ token: await token() }),
  });
  const send = createGraphiQLFetcher({ url: "/graphql", wsClient });
  const fetcher = async (params, options = {}) => {
    const headers = { authorization: `Bearer ${await token()}` };
    const operation = options.documentAST && getOperationAST(options.documentAST, params.operationName);
    if (operation?.operation === "mutation") headers["idempotency-key"] = crypto.randomUUID();
    const given = Object.entries(options.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]);
    return send(params, { ...options, headers: { ...headers, ...Object.fromEntries(given) } });
  };
  return { fetcher, end: () => wsClient.dispose() };
}

function Page({ users }) {
  const kept = users.findIndex((user) => user.clientId === localStorage.getItem(CHOSEN));
  const clerk = users.findIndex((user) => user.role === "BRANCH_CLERK");
  const [chosen, choose] = useState(Math.max(kept >= 0 ? kept : clerk, 0));
  const asker = useMemo(() => fetcherOf(users[chosen]), [users, chosen]);
  useEffect(() => {
    localStorage.setItem(CHOSEN, users[chosen].clientId);
    return asker.end;
  }, [asker]);
  const roles = [...new Set(users.map((user) => user.role))];
  return (
    <>
      <header className="yushi-users">
        <label>
          <span>利用者 / User</span>
          <select value={chosen} onChange={(event) => choose(Number(event.target.value))}>
            {roles.map((role) => {
              const first = users.find((user) => user.role === role);
              return (
                <optgroup key={role} label={`${first.roleJa} / ${first.roleEn}`}>
                  {users.map((user, index) =>
                    user.role === role ? (
                      <option key={user.clientId} value={index}>
                        {user.name} ({[user.institution, ...user.branches, user.organisation].filter(Boolean).join(" ")})
                      </option>
                    ) : null,
                  )}
                </optgroup>
              );
            })}
          </select>
        </label>
      </header>
      <GraphiQL fetcher={asker.fetcher} defaultQuery={START} shouldPersistHeaders={false} />
    </>
  );
}

const root = createRoot(document.getElementById("page"));
fetch("/auth/users")
  .then((answer) => answer.json())
  .then((users) => root.render(<Page users={users} />))
  .catch((error) => root.render(<p role="alert">{String(error)}</p>));
