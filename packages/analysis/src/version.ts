/** Stands in every result, so that a number can be traced to the code that made it. */
export const software = { name: '@limen/analysis', version: '0.1.0' } as const;
