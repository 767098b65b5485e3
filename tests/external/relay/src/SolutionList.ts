import { graphql } from 'relay-runtime';

/** All solutions, page by page: what a list in a React application asks for. */
export const solutionList = graphql`
  fragment SolutionList_query on Query
  @refetchable(queryName: "SolutionListPaginationQuery")
  @argumentDefinitions(
    count: { type: "Int", defaultValue: 20 }
    cursor: { type: "String" }
    search: { type: "String" }
  ) {
    solutions(search: $search, first: $count, after: $cursor) @connection(key: "SolutionList_query_solutions") {
      edges {
        cursor
        node {
          id
          title
        }
      }
    }
  }
`;

export const solutionListQuery = graphql`
  query SolutionListQuery($search: String) {
    ...SolutionList_query @arguments(search: $search)
  }
`;
