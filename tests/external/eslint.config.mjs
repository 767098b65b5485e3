// The rules of graphql-eslint for schemas: recommended and relay, complete but for two options.

import graphqlPlugin from '@graphql-eslint/eslint-plugin';
import { schemaFile } from './tool.mjs';

const { configs, parser } = graphqlPlugin;

/** Types that are values of the object they belong to: they have no identity of their own, hence no id. */
export const VALUE_TYPES = [
  'RelaxedSearch', 'SearchCorrection', 'SearchReading', 'SearchSuggestion', 'SearchedText', 'Suggestions',
  'SynonymGroup',
  'Coordinates', 'Distribution', 'DocumentFile', 'Facet', 'FacetValue', 'FeatureWeight', 'Figure', 'FigureComparison', 'Highlight', 'HighlightFragment', 'LikenessReference', 'Likeness', 'MunicipalityLikeness', 'PageInfo',
  'Participation', 'StructuralWeakness', 'Viewer', 'DeliveryAttempt', 'WebhookDisabling',
  'Addressee', 'Difference', 'Grant', 'LinkCheck', 'Reviewed', 'SolutionContent', 'Facilitation', 'InterimReview', 'MeasureProgress', 'StepProgress', 'AdoptionCounts', 'AdoptionStep',
  'QuietHours', 'WatchPreview', 'WatchPreviewExample', 'WatchSelection',
  // Parts of a solution and of a strategy process: they live and change with the whole.
  'Costs', 'DigitalTool', 'Funding', 'Image', 'Indicator', 'MoneyRange', 'ParticipationRecord', 'Partner',
  'Period', 'Priority', 'ProcessStep', 'Results', 'Source', 'Staff', 'Swot', 'Transferability',
];

export default [
  {
    files: ['**/*.graphql'],
    plugins: { '@graphql-eslint': graphqlPlugin },
    languageOptions: { parser, parserOptions: { graphQLConfig: { schema: schemaFile } } },
    rules: {
      ...configs['flat/schema-recommended'].rules,
      ...configs['flat/schema-relay'].rules,
      // Option 1: what wraps or describes an object needs no id.
      '@graphql-eslint/strict-id-in-types': ['error', {
        acceptedIdNames: ['id'],
        acceptedIdTypes: ['ID'],
        exceptions: {
          types: VALUE_TYPES,
          suffixes: ['Payload', 'Connection', 'Edge', 'Event', 'Error'],
        },
      }],
      // Option 2: short lists of fixed size, such as the topics of a solution, are no connections.
      '@graphql-eslint/relay-edge-types': ['error', {
        withEdgeSuffix: true, shouldImplementNode: true, listTypeCanWrapOnlyEdgeType: false,
      }],
    },
  },
];
