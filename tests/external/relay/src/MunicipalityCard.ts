import { graphql } from 'relay-runtime';

/** A municipality with its solutions: refetched through `node(id:)`, paginated both ways. */
export const municipalityCard = graphql`
  fragment MunicipalityCard_municipality on Municipality
  @refetchable(queryName: "MunicipalityCardPaginationQuery")
  @argumentDefinitions(
    first: { type: "Int", defaultValue: 10 }
    after: { type: "String" }
    last: { type: "Int" }
    before: { type: "String" }
  ) {
    id
    slug
    solutions(first: $first, after: $after, last: $last, before: $before)
      @connection(key: "MunicipalityCard_municipality_solutions") {
      edges {
        node {
          id
          title
        }
      }
    }
  }
`;

export const municipalityCardQuery = graphql`
  query MunicipalityCardQuery($slug: String!) {
    municipality(by: { slug: $slug }) {
      ...MunicipalityCard_municipality
    }
  }
`;
