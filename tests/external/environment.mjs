// Where the hub under test is. `run.sh` sets both; without them nothing here can check anything.

function needed(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set; start the checks with tests/external/run.sh`);
  return value;
}

export const hubUrl = needed('ALLMENDE_URL').replace(/\/$/, '');
export const token = needed('ALLMENDE_TOKEN');
export const graphqlUrl = `${hubUrl}/graphql`;
export const webSocketUrl = graphqlUrl.replace(/^http/, 'ws');
