// Starts GraphiQL with the hub's own transports: plain requests, and event streams for subscriptions.
// Who is not signed in only reads, unless they have put a token into the headers.
/* global React, ReactDOM, GraphiQL */

const place = document.getElementById('graphiql');
const { readOnly } = place.dataset;

/** What the chosen operation of a document does. */
function sort(document_, name) {
  const operations = (document_?.definitions ?? []).filter(({ kind }) => kind === 'OperationDefinition');
  const chosen = operations.find((operation) => operation.name?.value === name) ?? operations[0];
  return chosen?.operation ?? 'query';
}

/** A subscription as GraphiQL listens to one. The browser's EventSource sends no headers, only the session. */
function listen({ query, variables, operationName }) {
  const address = new URL('/graphql', location.href);
  address.searchParams.set('query', query);
  if (variables) address.searchParams.set('variables', JSON.stringify(variables));
  if (operationName) address.searchParams.set('operationName', operationName);
  return {
    subscribe(observer) {
      const source = new EventSource(address);
      source.addEventListener('next', ({ data }) => observer.next(JSON.parse(data)));
      source.addEventListener('complete', () => { source.close(); observer.complete(); });
      return { unsubscribe: () => source.close() };
    },
  };
}

async function send(parameters, headers) {
  const answer = await fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'accept-language': document.documentElement.lang, ...headers },
    body: JSON.stringify(parameters),
  });
  return answer.json();
}

function fetcher(parameters, { headers = {}, documentAST } = {}) {
  const what = sort(documentAST, parameters.operationName);
  if (what === 'subscription') return listen(parameters);
  const hasToken = Object.keys(headers).some((name) => name.toLowerCase() === 'authorization');
  if (what === 'mutation' && readOnly && !hasToken) return { errors: [{ message: readOnly }] };
  return send(parameters, headers);
}

const defaultQuery = `# Strg+Leertaste / Ctrl+Space
{
  solutions(search: "Bus", first: 3) {
    edges {
      node {
        title
      }
    }
  }
}
`;

const element = React.createElement(GraphiQL, { fetcher, defaultQuery, shouldPersistHeaders: false });
ReactDOM.createRoot(place).render(element);
