import { missingRight, requestFailed } from '../problems/cluster.ts';
import { namespaceEnding } from '../problems/deploy.ts';
import type { Problem } from '../problems/problem.ts';

/** The body of a refusal. Source: Kubernetes API, meta/v1 Status. */
export interface ApiStatus {
  readonly message?: string;
  readonly reason?: string;
  readonly details?: {
    readonly kind?: string;
    readonly name?: string;
    readonly causes?: readonly {
      readonly reason?: string;
      readonly message?: string;
      readonly field?: string;
    }[];
  };
}

/** The cluster answered, and its answer is no. */
export class ApiError extends Error {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly body: ApiStatus;

  constructor(method: string, path: string, status: number, body: ApiStatus) {
    super(body.message ?? `status ${status}`);
    this.name = 'ApiError';
    this.method = method;
    this.path = path;
    this.status = status;
    this.body = body;
  }
}

export function isStatus(error: unknown, ...status: number[]): error is ApiError {
  return error instanceof ApiError && status.includes(error.status);
}

/** What a person is told of a refusal that nobody expected. */
export function describeApiError(error: ApiError): Problem {
  const { verb, what, where, namespace } = readPath(error.method, error.path);
  if (error.status === 403 && /being terminated/.test(error.message)) return namespaceEnding(namespace ?? '');
  if (error.status === 403 && /cannot|forbidden/.test(error.message)) {
    return missingRight(verb, what, where, error.message);
  }
  return requestFailed(`To ${verb} ${what} ${where}`, error.status, error.message);
}

/** What is done inside a pod, whatever the method. */
const insides: Record<string, string> = {
  exec: 'run a program in',
  attach: 'connect to the program of',
  portforward: 'forward a port to',
};
const verbs: Record<string, string> = {
  GET: 'read',
  POST: 'create',
  PUT: 'change',
  PATCH: 'change',
  DELETE: 'delete',
};

function readPath(
  method: string,
  path: string,
): {
  verb: string;
  what: string;
  where: string;
  namespace: string | undefined;
} {
  const match =
    /^\/(?:api\/v1|apis\/[^/]+\/[^/]+)(?:\/namespaces\/([^/]+)(?=\/))?\/([^/?]+)(?:\/([^/?]+)(?:\/([^/?]+))?)?/.exec(
      path,
    );
  const [, namespace, resource = path, name, inside = ''] = match ?? [];
  return {
    verb: insides[inside] ?? verbs[method] ?? method,
    what: name ? `${resource} ${name}` : resource,
    where: namespace ? `in namespace ${namespace}` : 'in the cluster',
    namespace,
  };
}
