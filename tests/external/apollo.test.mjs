// Apollo Client: query, mutation with an update of its cache, subscription over graphql-ws.

import assert from 'node:assert/strict';
import { after, afterEach, beforeEach, mock, test } from 'node:test';
import { createClient } from 'graphql-ws';
import { of } from 'rxjs';
import { WebSocket } from 'ws';
import {
  asEditor, create, CREATE, cursorNow, graphqlUrl, PUBLISH, publish, solutionInput, SUBSCRIBE, webSocketUrl, within,
} from './support.mjs';

// Apollo warns in development only, and decides that when it is loaded.
globalThis.__DEV__ = true;
const { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } = await import('@apollo/client');
const { loadDevMessages, loadErrorMessages } = await import('@apollo/client/dev');
const { GraphQLWsLink } = await import('@apollo/client/link/subscriptions');
loadDevMessages();
loadErrorMessages();

const socket = createClient({ url: webSocketUrl, webSocketImpl: WebSocket, retryAttempts: 0 });
after(() => socket.dispose());

const LIST = gql`
  query List($first: Int!) {
    municipality(by: { slug: "geestland" }) { id slug }
    solutions(first: $first) {
      totalCount
      edges { cursor node { id title teaser municipalities { id slug } } }
      pageInfo { hasNextPage endCursor }
    }
  }`;
const ONE = gql`query One($id: ID!) { node(id: $id) { ... on Solution { id title } } }`;

// What Apollo has to complain about (a missing field above all) goes to the console.
const complaints = [];
beforeEach(() => {
  complaints.length = 0;
  for (const level of ['warn', 'error']) {
    mock.method(console, level, (...words) => complaints.push(words.map(String).join(' ')));
  }
});
afterEach(() => mock.restoreAll());

const apollo = (link) => new ApolloClient({ cache: new InMemoryCache(), link });
const overHttp = () => apollo(new HttpLink({ uri: graphqlUrl, headers: asEditor }));

test('a query fills the cache, which answers the second time', async () => {
  const client = overHttp();
  const { data, error } = await client.query({ query: LIST, variables: { first: 5 } });
  assert.equal(error, undefined);
  assert.equal(data.solutions.edges.length, 5);
  const cached = await client.query({ query: LIST, variables: { first: 5 }, fetchPolicy: 'cache-only' });
  assert.deepEqual(cached.data, data);
  assert.deepEqual(complaints, []);
});

test('a mutation updates what is cached', async () => {
  const client = overHttp();
  const input = await solutionInput();
  await client.mutate({
    mutation: gql(CREATE),
    variables: { input },
    update(cache, { data }) {
      const { solution } = data.createSolution;
      cache.writeQuery({ query: ONE, variables: { id: solution.id }, data: { node: solution } });
    },
  });
  const [id] = Object.keys(client.cache.extract()).filter((key) => key.startsWith('Solution:'));
  assert.ok(id, 'the new solution is in the cache under its type and id');
  const { data } = await client.query({
    query: ONE, variables: { id: id.slice('Solution:'.length) }, fetchPolicy: 'cache-only',
  });
  assert.equal(data.node.title, input.title);
  assert.deepEqual(complaints, []);
});

test('a mutation refreshes an object that a query shows', async () => {
  const client = overHttp();
  const { id } = await create();
  const shown = [];
  const watching = client.watchQuery({ query: ONE, variables: { id } }).subscribe(({ data }) => shown.push(data?.node));
  await client.query({ query: ONE, variables: { id } });
  const { data } = await client.mutate({ mutation: gql(PUBLISH), variables: { input: { id } } });
  assert.deepEqual(data.publishSolution.userErrors, []);
  const cached = client.readQuery({ query: ONE, variables: { id } });
  assert.deepEqual(cached.node, data.publishSolution.solution);
  assert.equal(shown.at(-1)?.id, id);
  watching.unsubscribe();
  assert.deepEqual(complaints, []);
});

test('a subscription over GraphQLWsLink gives what is published', async () => {
  const client = apollo(new GraphQLWsLink(socket));
  const cursor = await cursorNow();
  const heard = new Promise((resolve, reject) => {
    client.subscribe({ query: gql(SUBSCRIBE), variables: { after: cursor } }).subscribe({ next: resolve, error: reject });
  });
  const published = await publish();
  const { data, error } = await within(5_000, 'the event', heard);
  assert.equal(error, undefined);
  const { solution } = data.solutionPublished;
  assert.deepEqual({ id: solution.id, title: solution.title }, published);
  assert.deepEqual(complaints, []);
  client.stop();
});

test('errors keep their code', async () => {
  const { error } = await overHttp().query({ query: gql`{ nonsense }`, errorPolicy: 'all' });
  assert.equal(error.errors?.[0].extensions.code, 'GRAPHQL_VALIDATION_FAILED', String(error));
});

test('Apollo would complain about a missing field', async () => {
  const incomplete = new ApolloLink(() => of({ data: { node: { __typename: 'Solution', id: 'x' } } }));
  await apollo(incomplete).query({ query: ONE, variables: { id: 'x' } }).catch(() => {});
  assert.ok(complaints.some((words) => /Missing field/.test(words)), complaints.join('\n'));
});
