/** The one place where an error becomes a reply: always a problem document, never a trace or a name from inside. */

import { dataHeaders } from '@limen/access';
import { allRoutes } from '@limen/contract';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isIntegrityViolation, isOutage } from '../data/database.ts';
import { describeError, type Log } from './log.ts';
import { Problem, type ProblemCode, problemOf } from './problem.ts';

const fastifyProblems: Readonly<Record<string, ProblemCode>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_BODY_TOO_LARGE: 'too_large',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'malformed_json',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'malformed_request',
  FST_ERR_BAD_URL: 'malformed_request',
  FST_ERR_MAX_PARAM_LENGTH: 'not_found',
};

/** Turns any error into the problem it means for the caller. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (isOutage(error)) return problemOf('unavailable');
  if (isIntegrityViolation(error)) return problemOf('conflict', { detail: 'Something else was recorded meanwhile.' });
  const { code, statusCode } = error as Partial<FastifyError>;
  const known = code === undefined ? undefined : fastifyProblems[code];
  if (known !== undefined) return problemOf(known);
  if (statusCode === 400) return problemOf('malformed_request');
  if (statusCode === 413) return problemOf('too_large');
  if (statusCode === 415) return problemOf('unsupported_media_type');
  if (statusCode === 503) return problemOf('shutting_down');
  return problemOf('internal');
}

export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  const { document } = problem;
  reply.code(document.status).headers(dataHeaders).type('application/problem+json; charset=utf-8');
  if (document.status === 503) reply.header('retry-after', '2');
  if (document.code === 'too_many_requests') reply.header('retry-after', '60');
  return reply.send(JSON.stringify(document));
}

export function handleErrors(app: FastifyInstance, log: Log): void {
  app.setErrorHandler((error, request, reply) => {
    const problem = asProblem(error);
    const { code, status } = problem.document;
    if (status >= 500) {
      const route = request.routeOptions.config.routeId ?? 'none';
      log({ level: 'error', event: 'request.failed', id: request.id, route, problem: code, ...describeError(error) });
    }
    return sendProblem(reply, problem);
  });
}

const addresses = allRoutes.map(({ method, path }) => ({
  method,
  pattern: new RegExp(`^${path.replace(/:[A-Za-z]+/g, '[^/]+')}$`),
}));

/** 404, or 405 where the address exists for other methods. */
export function sendNotFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const path = request.raw.url?.split('?')[0] ?? '/';
  const methods = addresses.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method);
  if (methods.length === 0) return sendProblem(reply, problemOf('not_found'));
  return sendProblem(reply.header('allow', methods.join(', ')), problemOf('method_not_allowed'));
}
