import { ApiError } from '../cluster/api-error.ts';
import { PaasError } from '../problems/problem.ts';

/** What a person who reads logs is to know beside the lines. */
export type LogNotice =
  | { readonly type: 'unreadable'; readonly instance: string; readonly reason: string }
  | { readonly type: 'cluster_silent' }
  | { readonly type: 'cluster_back'; readonly seconds: number };

/** Why a log can't be read, in words. */
export function reasonOf(error: unknown): string {
  if (error instanceof PaasError) return error.problems[0]?.message ?? error.message;
  if (error instanceof ApiError) return error.message;
  return error instanceof Error ? error.message : String(error);
}
