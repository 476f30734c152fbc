// Generated from openapi.json: pnpm --filter @hermes/dashboard-client generate

export interface paths {
    "/api/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Audited requests and their results, newest first */
        get: {
            parameters: {
                query?: {
                    /** @description Maximum number of entries. */
                    limit?: number;
                    /** @description Only requests about this profile. */
                    profile?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The last requests. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            entries: {
                                /** @enum {string} */
                                action: "drain" | "cancel" | "restart";
                                /** @description Where the request came from. */
                                address: string;
                                /** @description ISO 8601. */
                                at: string;
                                /** @description The number of an entry that was removed or changed; all entries after the detection repeat it. */
                                broken_at?: number;
                                /** @description Number of requests that the entry summarizes, if more than one; the other fields are those of the last. */
                                count?: number;
                                /** @description Why the request failed. */
                                detail: string | null;
                                /** @description SHA-256 of this entry without `hash`, as canonical JSON. */
                                hash: string;
                                /** @description The number of the oldest entry that is kept: rotation has removed earlier ones. */
                                oldest?: number;
                                /** @description The hash of the previous entry; 64 zeros for the first. */
                                prev: string;
                                /** @description The name of the credential. */
                                principal: string;
                                /** @description "-" if the request named an invalid profile. */
                                profile: string;
                                reason: string | null;
                                /** @description Id of the drain that was begun or cancelled. */
                                request_id: string | null;
                                /** @enum {string} */
                                result: "ok" | "refused" | "failed";
                                /** @description Counts the entries from 1. */
                                seq: number;
                                /** @description The HTTP status of the answer. */
                                status: number;
                            }[];
                        };
                    };
                };
                /** @description The request cannot be understood. Nothing was changed. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The problem type as a stable code. */
                            code: string;
                            /** @description What was expected, what was found, and what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The problem type as text. */
                            title: string;
                            /** @description URN of the problem type. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description The bearer secret is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The problem type as a stable code. */
                            code: string;
                            /** @description What was expected, what was found, and what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The problem type as text. */
                            title: string;
                            /** @description URN of the problem type. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description The credential lacks the scope that is needed. Nothing was changed. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The problem type as a stable code. */
                            code: string;
                            /** @description What was expected, what was found, and what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The problem type as text. */
                            title: string;
                            /** @description URN of the problem type. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description The secret is wrong, and so were too many before it. A right secret is always accepted. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The problem type as a stable code. */
                            code: string;
                            /** @description What was expected, what was found, and what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The problem type as text. */
                            title: string;
                            /** @description URN of the problem type. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description The files that are needed cannot be used, another dashboard changes them, or too many clients are waiting. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The problem type as a stable code. */
                            code: string;
                            /** @description What was expected, what was found, and what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The problem type as text. */
                            title: string;
                            /** @description URN of the problem type. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/audit/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Verify that the audit is unchanged */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Whether all entries are unchanged since they were written. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The number of the first entry that is invalid or missing. */
                            broken_at: number | null;
                            /** @description The fault; or a note that rotation has removed the oldest entries, which is no fault. */
                            detail: string | null;
                            /** @description Number of valid entries, from the oldest that is kept. */
                            entries: number;
                            /** @description The number of the oldest entry that is kept. */
                            first: number | null;
                            /** @description The number of the last entry that was checked. */
                            last: number | null;
                            /** @description The hash of the last entry, to compare with a copy kept elsewhere. */
                            last_hash: string | null;
                            ok: boolean;
                        };
                    };
                };
                /** @description The request cannot be understood. Nothing was changed. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The problem type as a stable code. */
                            code: string;
                            /** @description What was expected, what was found, and what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The problem type as text. */
                            title: string;
                            /** @description URN of the problem type. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description The bearer secret is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The problem type as a stable code. */
                            code: string;
                            /** @description What was expected, what was found, and what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The problem type as text. */
                            title: string;
                            /** @description URN of the problem type. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description The credential lacks the scope that is needed. Nothing was changed. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The problem type as a stable code. */
                            code: string;
                            /** @description What was expected, what was found, and what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The problem type as text. */
                            title: string;
                            /** @description URN of the problem type. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description The secret is wrong, and so were too many before it. A right secret is always accepted. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The problem type as a stable code. */
                            code: string;
                            /** @description What was expected, what was found, and what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The problem type as text. */
                            title: string;
                            /** @description URN of the problem type. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description The files that are needed cannot be used, another dashboard changes them, or too many clients are waiting. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The problem type as a stable code. */
                            code: string;
                            /** @description What was expected, what was found, and what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The problem type as text. */
                            title: string;
                            /** @description URN of the problem type. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/boot-log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The actions of the last boots for each gateway, newest first */
        get: {
            parameters: {
                query?: {
                    /** @description Maximum number of entries. */
                    limit?: number;
                    /** @description Only entries of this profile. */
                    profile?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The entries of the last boots. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            entries: {
                                /** @description `started`, `registered`, `skipped` and so on. */
                                action: string;
                                at: string;
                                /** @description The recorded desired state: `running`, `stopped`, or `null` if it was never set. */
                                desired: string | null;
                                /** @description How the last process of the gateway ended, as it reported; `null` if it did not. */
                                prior_exit: string | null;
                                /** @description Last reported state of the gateway before the boot; `null` if there is none. */
                                prior_state: string | null;
                                profile: string;
                                /** @description The reason for the action, or why the profile was skipped. */
                                reason: string | null;
                            }[];
                        };
                    };
                };
                /** @description The request cannot be understood. Nothing was changed. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The problem type as a stable code. */
                            code: string;
                            /** @description What was expected, what was found, and what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The problem type as text. */
                            title: string;
                            /** @description URN of the problem type. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description The bearer secret is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The problem type as a stable code. */
                            code: string;
                            /** @description What was expected, what was found, and what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The problem type as text. */
                            title: string;
                            /** @description URN of the problem type. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description The credential lacks the scope that is needed. Nothing was changed. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The problem type as a stable code. */
                            code: string;
                            /** @description What was expected, what was found, and what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The problem type as text. */
                            title: string;
                            /** @description URN of the problem type. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description The secret is wrong, and so were too many before it. A right secret is always accepted. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The problem type as a stable code. */
                            code: string;
                            /** @description What was expected, what was found, and what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The problem type as text. */
                            title: string;
                            /** @description URN of the problem type. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Changes of all profiles as server-sent events
         * @description First `snapshot` (`{now, host, home, profiles}`), then `profile` (the profile) at each change and `removed` (`{name}`). With the `Last-Event-ID` of an event of the same run, what was missed instead of the snapshot.
         */
        get: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The id of the last event that the client received. */
                    "last-event-id"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description An endless stream of events. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/event-stream": string;
                    };
                };
                /** @description The request cannot be understood. Nothing was changed. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The problem type as a stable code. */
                            code: string;
                            /** @description What was expected, what was found, and what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The problem type as text. */
                            title: string;
                            /** @description URN of the problem type. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description The bearer secret is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The problem type as a stable code. */
                            code: string;
                            /** @description What was expected, what was found, and what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The problem type as text. */
                            title: string;
                            /** @description URN of the problem type. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description The credential lacks the scope that is needed. Nothing was changed. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The problem type as a stable code. */
                            code: string;
                            /** @description What was expected, what was found, and what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The problem type as text. */
                            title: string;
                            /** @description URN of the problem type. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description The secret is wrong, and so were too many before it. A right secret is always accepted. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The problem type as a stable code. */
                            code: string;
                            /** @description What was expected, what was found, and what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The problem type as text. */
                            title: string;
                            /** @description URN of the problem type. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description The files that are needed cannot be used, another dashboard changes them, or too many clients are waiting. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The problem type as a stable code. */
                            code: string;
                            /** @description What was expected, what was found, and what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The problem type as text. */
                            title: string;
                            /** @description URN of the problem type. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/gateway/drain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show the drain request, its verdict, and the answer of the gateway */
        get: {
            parameters: {
                query?: {
                    /** @description Name of the profile; `default` if omitted. */
                    profile?: string;
                    /** @description Answer when it is safe to stop, or when no drain is in force. */
                    until?: "drained";
                    /** @description With `until`: timeout in seconds. An answer never takes longer than 50 s; then repeat the request. */
                    wait?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The drain request, its verdict, and the answer of the gateway. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description When the drain of the remaining request expired; `null` if it has not expired or has no date. */
                            expired_at: string | null;
                            /** @description When the drain in force expires unless it is refreshed. */
                            expires_at: string | null;
                            gateway: {
                                /** @description Turns in flight: 0 when the gateway is not live, `null` when it does not report it. */
                                active_agents: number | null;
                                /** @description The channels of a live gateway. `idle`: it has sent nothing yet. `connecting`: not reached since the start. `connected`: its last contact worked. `failing`: the last one failed, and it tries again. `rejected`: its credentials are refused. `standby`: another gateway serves it. `waiting`: deliveries that are not sent yet; `given_up`: those that failed permanently. */
                                channels: {
                                    given_up: number;
                                    name: string;
                                    problem: string | null;
                                    since: string;
                                    state: string;
                                    waiting: number;
                                }[];
                                /** @description The drain as the live gateway reports it. */
                                drain: {
                                    drained_at: string | null;
                                    identity?: string;
                                    observed_at: string;
                                    principal: string | null;
                                    reason: string | null;
                                    request_id: string | null;
                                    requested_at: string | null;
                                } | null;
                                /** @description Whether the gateway is live: its heartbeat is fresh, or its process runs. */
                                gateway_running: boolean;
                                /** @description State of the gateway; `stopped` or `startup_failed` when it is not live, `null` if it never reported one. */
                                gateway_state: string | null;
                                /** @description The last heartbeat of the gateway. */
                                heartbeat_at: string | null;
                                /** @description Turns in flight at the last heartbeat; if the gateway has crashed, they were interrupted. */
                                last_active_agents: number | null;
                                /**
                                 * @description `live`: its heartbeat is fresh. `frozen`: no heartbeat, but its process is there. `died`: its process is gone, and it did not say that it stops. `stopped`: it said so, or never came up. `unknown`: no heartbeat, and its process cannot be checked from here, or no state that can be read.
                                 * @enum {string}
                                 */
                                liveness: "live" | "frozen" | "died" | "stopped" | "unknown";
                                /** @description Process id of the current or last gateway process, in its own container. */
                                pid: number | null;
                                /** @description Why the gateway has not started yet, or why it ended with an error, as it reported; else `null`. */
                                problem: string | null;
                                /** @description For a live gateway that shares its turns: its name among the gateways, how many others there are, and how many of them start turns now (`takers`); else `null`. */
                                shared_turns: {
                                    name: string;
                                    others: number;
                                    takers: number;
                                } | null;
                            };
                            principal: string | null;
                            profile: string;
                            reason: string | null;
                            /** @description The end of the announcement; the gateway refuses new turns from then on. */
                            refuse_after: string | null;
                            request_id: string | null;
                            requested_at: string | null;
                            /** @description The live gateway has acknowledged the drain in force within a heartbeat, and has no turn in flight. */
                            safe_to_stop: boolean;
                            suppress_notification: boolean;
                            verdict: {
                                /** @description Whether a drain is in force. */
                                active: boolean;
                                /** @description The errno of a marker that is `unreadable` or `unavailable`. */
                                code: string | null;
                                /** @description The reason: `current`, `announced`, `absent`, `expired` and so on; `unavailable`: unknown, retry. */
                                reason: string;
                            };
                        };
                    };
                };
                /** @description The request cannot be understood. Nothing was changed. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The problem type as a stable code. */
                            code: string;
                            /** @description What was expected, what was found, and what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The problem type as text. */
                            title: string;
                            /** @description URN of the problem type. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description The bearer secret is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The problem type as a stable code. */
                            code: string;
                            /** @description What was expected, what was found, and what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The problem type as text. */
                            title: string;
                            /** @description URN of the problem type. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description The credential lacks the scope that is needed. Nothing was changed. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The problem type as a stable code. */
                            code: string;
                            /** @description What was expected, what was found, and what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The problem type as text. */
                            title: string;
                            /** @description URN of the problem type. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description There is no such profile. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The problem type as a stable code. */
                            code: string;
                            /** @description What was expected, what was found, and what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The problem type as text. */
                            title: string;
                            /** @description URN of the problem type. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description The secret is wrong, and so were too many before it. A right secret is always accepted. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The problem type as a stable code. */
                            code: string;
                            /** @description What was expected, what was found, and what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The problem type as text. */
                            title: string;
                            /** @description URN of the problem type. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description The files that are needed cannot be used, another dashboard changes them, or too many clients are waiting. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The problem type as a stable code. */
                            code: string;
                            /** @description What was expected, what was found, and what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The problem type as text. */
                            title: string;
                            /** @description URN of the problem type. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
            };
        };
        put?: never;
        /** Begin, refresh or cancel a drain */
        post: {
            parameters: {
                query?: {
                    /** @description Name of the profile; `default` if omitted. */
                    profile?: string;
                };
                header?: {
                    /** @description `"request_id"`: refresh or cancel only this drain. */
                    "if-match"?: string;
                    /** @description `*`: begin only if no drain is in force. */
                    "if-none-match"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        /**
                         * @description An empty body also begins a drain.
                         * @default drain
                         * @enum {string}
                         */
                        action?: "drain" | "cancel";
                        /** @description From 0 to 300: seconds for which a new drain is only announced: the gateway reports not ready and still accepts turns. */
                        lead_seconds?: number;
                        /** @description Seconds until the drain expires unless it is refreshed; 3600 by default. */
                        max_age_seconds?: number;
                        /** @description Name of the profile; `default` if omitted. */
                        profile?: string;
                        /** @description The reason, for other operators. */
                        reason?: string;
                        /**
                         * Format: uuid
                         * @description The id of the drain, a UUID of your choice: begin, refresh or cancel this drain and no other.
                         */
                        request_id?: string;
                        /** @description The gateway sends no shutdown notice to the home channels. */
                        suppress_notification?: boolean;
                    };
                };
            };
            responses: {
                /** @description The change is on disk. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            action: "drain";
                            /** @enum {boolean} */
                            draining: true;
                            /** @description Whether the gateway is live: its heartbeat is fresh, or its process runs. */
                            gateway_running: boolean;
                            /** @enum {boolean} */
                            ok: true;
                            /** @description When the gateway begins to refuse new turns; only for a drain with `lead_seconds`. */
                            refuse_after?: string;
                            request_id: string;
                            requested_at: string;
                            suppress_notification: boolean;
                            /** @description What the gateway does not honour of the request; only for a gateway of the reference system. */
                            warning?: string;
                        } | {
                            /** @enum {string} */
                            action: "cancel";
                            /** @enum {boolean} */
                            ok: true;
                            /** @description Whether a drain was in force. */
                            was_draining: boolean;
                        };
                    };
                };
                /** @description The request cannot be understood. Nothing was changed. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The problem type as a stable code. */
                            code: string;
                            /** @description What was expected, what was found, and what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The problem type as text. */
                            title: string;
                            /** @description URN of the problem type. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description The bearer secret is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The problem type as a stable code. */
                            code: string;
                            /** @description What was expected, what was found, and what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The problem type as text. */
                            title: string;
                            /** @description URN of the problem type. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description The credential lacks the scope that is needed. Nothing was changed. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The problem type as a stable code. */
                            code: string;
                            /** @description What was expected, what was found, and what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The problem type as text. */
                            title: string;
                            /** @description URN of the problem type. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description There is no such profile. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The problem type as a stable code. */
                            code: string;
                            /** @description What was expected, what was found, and what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The problem type as text. */
                            title: string;
                            /** @description URN of the problem type. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Not now: turns would be cut off, a restart is in flight, or another drain is in force. Nothing was changed. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The problem type as a stable code. */
                            code: string;
                            /** @description What was expected, what was found, and what to do. */
                            detail?: string;
                            holder: {
                                principal: string | null;
                                reason: string | null;
                                request_id: string | null;
                                requested_at: string | null;
                            };
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The problem type as text. */
                            title: string;
                            /** @description URN of the problem type. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Another drain than the one named is in force. Nothing was changed. */
                412: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The problem type as a stable code. */
                            code: string;
                            /** @description What was expected, what was found, and what to do. */
                            detail?: string;
                            holder: {
                                principal: string | null;
                                reason: string | null;
                                request_id: string | null;
                                requested_at: string | null;
                            };
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The problem type as text. */
                            title: string;
                            /** @description URN of the problem type. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description The body is too large. Nothing was changed. */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The problem type as a stable code. */
                            code: string;
                            /** @description What was expected, what was found, and what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The problem type as text. */
                            title: string;
                            /** @description URN of the problem type. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description The secret is wrong, and so were too many before it. A right secret is always accepted. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The problem type as a stable code. */
                            code: string;
                            /** @description What was expected, what was found, and what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The problem type as text. */
                            title: string;
                            /** @description URN of the problem type. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description The files that are needed cannot be used, another dashboard changes them, or too many clients are waiting. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The problem type as a stable code. */
                            code: string;
                            /** @description What was expected, what was found, and what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The problem type as text. */
                            title: string;
                            /** @description URN of the problem type. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description The volume is full. Nothing was changed. */
                507: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The problem type as a stable code. */
                            code: string;
                            /** @description What was expected, what was found, and what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The problem type as text. */
                            title: string;
                            /** @description URN of the problem type. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
            };
        };
        /** Cancel a drain */
        delete: {
            parameters: {
                query?: {
                    /** @description Name of the profile; `default` if omitted. */
                    profile?: string;
                };
                header?: {
                    /** @description `"request_id"`: cancel only this drain. `*`: cancel any drain. */
                    "if-match"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The marker is removed. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            action: "cancel";
                            /** @enum {boolean} */
                            ok: true;
                            /** @description Whether a drain was in force. */
                            was_draining: boolean;
                        };
                    };
                };
                /** @description The request cannot be understood. Nothing was changed. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The problem type as a stable code. */
                            code: string;
                            /** @description What was expected, what was found, and what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The problem type as text. */
                            title: string;
                            /** @description URN of the problem type. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description The bearer secret is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The problem type as a stable code. */
                            code: string;
                            /** @description What was expected, what was found, and what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The problem type as text. */
                            title: string;
                            /** @description URN of the problem type. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description The credential lacks the scope that is needed. Nothing was changed. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The problem type as a stable code. */
                            code: string;
                            /** @description What was expected, what was found, and what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The problem type as text. */
                            title: string;
                            /** @description URN of the problem type. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description There is no such profile. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The problem type as a stable code. */
                            code: string;
                            /** @description What was expected, what was found, and what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The problem type as text. */
                            title: string;
                            /** @description URN of the problem type. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Another drain than the one named is in force. Nothing was changed. */
                412: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The problem type as a stable code. */
                            code: string;
                            /** @description What was expected, what was found, and what to do. */
                            detail?: string;
                            holder: {
                                principal: string | null;
                                reason: string | null;
                                request_id: string | null;
                                requested_at: string | null;
                            };
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The problem type as text. */
                            title: string;
                            /** @description URN of the problem type. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description The files that are needed cannot be used, another dashboard changes them, or too many clients are waiting. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The problem type as a stable code. */
                            code: string;
                            /** @description What was expected, what was found, and what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The problem type as text. */
                            title: string;
                            /** @description URN of the problem type. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/gateway/restart": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Restart a gateway that is safe to stop */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        /**
                         * @description Restart even if this interrupts turns.
                         * @default false
                         */
                        force?: boolean;
                        /**
                         * @description Whether the drain in force stays in force; otherwise it ends when the restarted gateway is ready.
                         * @default false
                         */
                        keep_drain?: boolean;
                        /** @description Name of the profile; `default` if omitted. */
                        profile?: string;
                        /** @description The reason, for the audit. */
                        reason?: string;
                    };
                };
            };
            responses: {
                /** @description The restart has begun; the view of the profile shows its progress. */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {boolean} */
                            ok: true;
                            profile: string;
                            restart: {
                                /** @description When it entered this state. */
                                since: string;
                                /** @enum {string} */
                                state: "stopping" | "starting" | "ready" | "failed";
                            };
                        };
                    };
                };
                /** @description The request cannot be understood. Nothing was changed. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The problem type as a stable code. */
                            code: string;
                            /** @description What was expected, what was found, and what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The problem type as text. */
                            title: string;
                            /** @description URN of the problem type. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description The bearer secret is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The problem type as a stable code. */
                            code: string;
                            /** @description What was expected, what was found, and what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The problem type as text. */
                            title: string;
                            /** @description URN of the problem type. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description The credential lacks the scope that is needed. Nothing was changed. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The problem type as a stable code. */
                            code: string;
                            /** @description What was expected, what was found, and what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The problem type as text. */
                            title: string;
                            /** @description URN of the problem type. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description There is no such profile. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The problem type as a stable code. */
                            code: string;
                            /** @description What was expected, what was found, and what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The problem type as text. */
                            title: string;
                            /** @description URN of the problem type. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Not now: turns would be cut off, a restart is in flight, or another drain is in force. Nothing was changed. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The problem type as a stable code. */
                            code: string;
                            /** @description What was expected, what was found, and what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The problem type as text. */
                            title: string;
                            /** @description The turns in flight. */
                            turns?: {
                                /** @description Turns in flight: 0 when the gateway is not live, `null` when it does not report it. */
                                active_agents: number | null;
                                /** @description The oldest turns in flight. */
                                active_work: {
                                    id: string;
                                    kind: string;
                                    last_progress_at: string;
                                    session: string;
                                    /** @default false */
                                    stalled: boolean;
                                    started_at: string;
                                }[];
                            };
                            /** @description URN of the problem type. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description The body is too large. Nothing was changed. */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The problem type as a stable code. */
                            code: string;
                            /** @description What was expected, what was found, and what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The problem type as text. */
                            title: string;
                            /** @description URN of the problem type. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description The secret is wrong, and so were too many before it. A right secret is always accepted. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The problem type as a stable code. */
                            code: string;
                            /** @description What was expected, what was found, and what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The problem type as text. */
                            title: string;
                            /** @description URN of the problem type. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description No supervisor is there to do it. */
                501: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The problem type as a stable code. */
                            code: string;
                            /** @description What was expected, what was found, and what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The problem type as text. */
                            title: string;
                            /** @description URN of the problem type. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description The files that are needed cannot be used, another dashboard changes them, or too many clients are waiting. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The problem type as a stable code. */
                            code: string;
                            /** @description What was expected, what was found, and what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The problem type as text. */
                            title: string;
                            /** @description URN of the problem type. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/in-flight": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Turns in flight over the last ten minutes */
        get: {
            parameters: {
                query?: {
                    /** @description Name of the profile; `default` if omitted. */
                    profile?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The last ten minutes, as far as this dashboard has observed them. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            profile: string;
                            /** @description Unix ms, and the turns in flight from then on; `null` if unknown. */
                            samples: [
                                number,
                                number | null
                            ][];
                        };
                    };
                };
                /** @description The request cannot be understood. Nothing was changed. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The problem type as a stable code. */
                            code: string;
                            /** @description What was expected, what was found, and what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The problem type as text. */
                            title: string;
                            /** @description URN of the problem type. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description The bearer secret is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The problem type as a stable code. */
                            code: string;
                            /** @description What was expected, what was found, and what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The problem type as text. */
                            title: string;
                            /** @description URN of the problem type. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description The credential lacks the scope that is needed. Nothing was changed. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The problem type as a stable code. */
                            code: string;
                            /** @description What was expected, what was found, and what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The problem type as text. */
                            title: string;
                            /** @description URN of the problem type. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description There is no such profile. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The problem type as a stable code. */
                            code: string;
                            /** @description What was expected, what was found, and what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The problem type as text. */
                            title: string;
                            /** @description URN of the problem type. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description The secret is wrong, and so were too many before it. A right secret is always accepted. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The problem type as a stable code. */
                            code: string;
                            /** @description What was expected, what was found, and what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The problem type as text. */
                            title: string;
                            /** @description URN of the problem type. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/profiles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All profiles, `default` first */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description All profiles. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            profiles: {
                                /** @description Turns in flight: 0 when the gateway is not live, `null` when it does not report it. */
                                active_agents: number | null;
                                /** @description The oldest turns in flight. */
                                active_work: {
                                    id: string;
                                    kind: string;
                                    last_progress_at: string;
                                    session: string;
                                    /** @default false */
                                    stalled: boolean;
                                    started_at: string;
                                }[];
                                /** @description The channels of a live gateway. `idle`: it has sent nothing yet. `connecting`: not reached since the start. `connected`: its last contact worked. `failing`: the last one failed, and it tries again. `rejected`: its credentials are refused. `standby`: another gateway serves it. `waiting`: deliveries that are not sent yet; `given_up`: those that failed permanently. */
                                channels: {
                                    given_up: number;
                                    name: string;
                                    problem: string | null;
                                    since: string;
                                    state: string;
                                    waiting: number;
                                }[];
                                /** @description The desired state; `null` if it was never set. */
                                desired_state: ("running" | "stopped") | null;
                                /** @description The drain as the live gateway reports it. */
                                drain: {
                                    drained_at: string | null;
                                    identity?: string;
                                    observed_at: string;
                                    principal: string | null;
                                    reason: string | null;
                                    request_id: string | null;
                                    requested_at: string | null;
                                } | null;
                                /** @description Whether a drain is in force. */
                                draining: boolean;
                                /** @description Base URL of the live gateway's own API. */
                                endpoint: string | null;
                                /** @description Running, with turns in flight or an unknown number of them. */
                                gateway_busy: boolean;
                                /** @description Running. */
                                gateway_drainable: boolean;
                                /** @description Whether the gateway is live: its heartbeat is fresh, or its process runs. */
                                gateway_running: boolean;
                                /** @description State of the gateway; `stopped` or `startup_failed` when it is not live, `null` if it never reported one. */
                                gateway_state: string | null;
                                /** @description The last heartbeat of the gateway. */
                                heartbeat_at: string | null;
                                /** @description Turns in flight at the last heartbeat; if the gateway has crashed, they were interrupted. */
                                last_active_agents: number | null;
                                /**
                                 * @description `live`: its heartbeat is fresh. `frozen`: no heartbeat, but its process is there. `died`: its process is gone, and it did not say that it stops. `stopped`: it said so, or never came up. `unknown`: no heartbeat, and its process cannot be checked from here, or no state that can be read.
                                 * @enum {string}
                                 */
                                liveness: "live" | "frozen" | "died" | "stopped" | "unknown";
                                name: string;
                                /** @description Process id of the current or last gateway process, in its own container. */
                                pid: number | null;
                                /** @description Why the gateway has not started yet, or why it ended with an error, as it reported; else `null`. */
                                problem: string | null;
                                /** @description Messages accepted and not started; `null` if the gateway does not report it. */
                                queued_turns: number | null;
                                /** @description Messages refused during this drain; `null` if the gateway does not report it. */
                                refused_turns: number | null;
                                /** @description The marker and its verdict; `null` without a marker. */
                                request: {
                                    /** @description When the drain of the remaining request expired; `null` if it has not expired or has no date. */
                                    expired_at: string | null;
                                    /** @description When the drain in force expires unless it is refreshed. */
                                    expires_at: string | null;
                                    /** @description Identity of the drain: constant across refreshes, also for a marker without an id; `null` without a drain. */
                                    identity: string | null;
                                    principal: string | null;
                                    reason: string | null;
                                    /** @description The end of the announcement; the gateway refuses new turns from then on. */
                                    refuse_after: string | null;
                                    request_id: string | null;
                                    requested_at: string | null;
                                    suppress_notification: boolean;
                                    verdict: {
                                        /** @description Whether a drain is in force. */
                                        active: boolean;
                                        /** @description The reason: `current`, `announced`, `expired` and so on; `unavailable`: unknown, retry. */
                                        reason: string;
                                    };
                                } | null;
                                /** @description The restart in flight, or the last one that this dashboard started. */
                                restart: {
                                    error: string | null;
                                    /** @description When it entered this state. */
                                    since: string;
                                    /** @enum {string} */
                                    state: "stopping" | "starting" | "ready" | "failed";
                                } | null;
                                /** @description Seconds that a shutdown waits for turns in flight. */
                                restart_drain_timeout: number | null;
                                /** @description The live gateway has acknowledged the drain in force within a heartbeat, and has no turn in flight. */
                                safe_to_stop: boolean;
                                /** @description For a live gateway that shares its turns: its name among the gateways, how many others there are, and how many of them start turns now (`takers`); else `null`. */
                                shared_turns: {
                                    name: string;
                                    others: number;
                                    takers: number;
                                } | null;
                                /** @description The service of the gateway; `null` where no service manager runs. */
                                slot: {
                                    exit_code: number | null;
                                    pid: number | null;
                                    /** @description The gateway has reported that it is ready. */
                                    ready: boolean;
                                    /** @description Seconds in this state. */
                                    seconds: number;
                                    signal: string | null;
                                    /** @enum {string} */
                                    state: "not-registered" | "stopped" | "starting" | "running" | "stopping" | "failed";
                                } | null;
                                /** @description A turn in flight has made no progress for longer than its gateway allows. */
                                stalled: boolean;
                                /** @description When the live gateway started. */
                                started_at: string | null;
                                version: string | null;
                            }[];
                        };
                    };
                };
                /** @description The request cannot be understood. Nothing was changed. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The problem type as a stable code. */
                            code: string;
                            /** @description What was expected, what was found, and what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The problem type as text. */
                            title: string;
                            /** @description URN of the problem type. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description The bearer secret is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The problem type as a stable code. */
                            code: string;
                            /** @description What was expected, what was found, and what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The problem type as text. */
                            title: string;
                            /** @description URN of the problem type. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description The credential lacks the scope that is needed. Nothing was changed. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The problem type as a stable code. */
                            code: string;
                            /** @description What was expected, what was found, and what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The problem type as text. */
                            title: string;
                            /** @description URN of the problem type. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description The secret is wrong, and so were too many before it. A right secret is always accepted. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The problem type as a stable code. */
                            code: string;
                            /** @description What was expected, what was found, and what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The problem type as text. */
                            title: string;
                            /** @description URN of the problem type. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The state of a gateway */
        get: {
            parameters: {
                query?: {
                    /** @description Name of the profile; `default` if omitted. */
                    profile?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The state of the gateway. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Turns in flight: 0 when the gateway is not live, `null` when it does not report it. */
                            active_agents: number | null;
                            /** @description The oldest turns in flight. */
                            active_work: {
                                id: string;
                                kind: string;
                                last_progress_at: string;
                                session: string;
                                /** @default false */
                                stalled: boolean;
                                started_at: string;
                            }[];
                            /** @description The channels of a live gateway. `idle`: it has sent nothing yet. `connecting`: not reached since the start. `connected`: its last contact worked. `failing`: the last one failed, and it tries again. `rejected`: its credentials are refused. `standby`: another gateway serves it. `waiting`: deliveries that are not sent yet; `given_up`: those that failed permanently. */
                            channels: {
                                given_up: number;
                                name: string;
                                problem: string | null;
                                since: string;
                                state: string;
                                waiting: number;
                            }[];
                            /** @description The drain as the live gateway reports it. */
                            drain: {
                                drained_at: string | null;
                                identity?: string;
                                observed_at: string;
                                principal: string | null;
                                reason: string | null;
                                request_id: string | null;
                                requested_at: string | null;
                            } | null;
                            /** @description Running, with turns in flight or an unknown number of them. */
                            gateway_busy: boolean;
                            /** @description Running. */
                            gateway_drainable: boolean;
                            /** @description Whether the gateway is live: its heartbeat is fresh, or its process runs. */
                            gateway_running: boolean;
                            /** @description State of the gateway; `stopped` or `startup_failed` when it is not live, `null` if it never reported one. */
                            gateway_state: string | null;
                            /** @description The last heartbeat of the gateway. */
                            heartbeat_at: string | null;
                            /** @description Turns in flight at the last heartbeat; if the gateway has crashed, they were interrupted. */
                            last_active_agents: number | null;
                            /**
                             * @description `live`: its heartbeat is fresh. `frozen`: no heartbeat, but its process is there. `died`: its process is gone, and it did not say that it stops. `stopped`: it said so, or never came up. `unknown`: no heartbeat, and its process cannot be checked from here, or no state that can be read.
                             * @enum {string}
                             */
                            liveness: "live" | "frozen" | "died" | "stopped" | "unknown";
                            /** @description Process id of the current or last gateway process, in its own container. */
                            pid: number | null;
                            /** @description Why the gateway has not started yet, or why it ended with an error, as it reported; else `null`. */
                            problem: string | null;
                            profile: string;
                            /** @description Seconds that a shutdown waits for turns in flight. */
                            restart_drain_timeout: number | null;
                            /** @description The live gateway has acknowledged the drain in force within a heartbeat, and has no turn in flight. */
                            safe_to_stop: boolean;
                            /** @description For a live gateway that shares its turns: its name among the gateways, how many others there are, and how many of them start turns now (`takers`); else `null`. */
                            shared_turns: {
                                name: string;
                                others: number;
                                takers: number;
                            } | null;
                        };
                    };
                };
                /** @description The request cannot be understood. Nothing was changed. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The problem type as a stable code. */
                            code: string;
                            /** @description What was expected, what was found, and what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The problem type as text. */
                            title: string;
                            /** @description URN of the problem type. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description The bearer secret is missing or wrong. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The problem type as a stable code. */
                            code: string;
                            /** @description What was expected, what was found, and what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The problem type as text. */
                            title: string;
                            /** @description URN of the problem type. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description The credential lacks the scope that is needed. Nothing was changed. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The problem type as a stable code. */
                            code: string;
                            /** @description What was expected, what was found, and what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The problem type as text. */
                            title: string;
                            /** @description URN of the problem type. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description There is no such profile. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The problem type as a stable code. */
                            code: string;
                            /** @description What was expected, what was found, and what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The problem type as text. */
                            title: string;
                            /** @description URN of the problem type. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description The secret is wrong, and so were too many before it. A right secret is always accepted. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The problem type as a stable code. */
                            code: string;
                            /** @description What was expected, what was found, and what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The problem type as text. */
                            title: string;
                            /** @description URN of the problem type. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/livez": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Liveness of the dashboard */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The dashboard is alive. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            status: "ok";
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Metrics of the gateways and of the dashboard, for Prometheus */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The current metrics. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/plain": string;
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Readiness: whether the home directory can be listed and written */
        get: {
            parameters: {
                query?: {
                    /** @description If present, list the checks. The check "audit_whole" does not affect readiness. */
                    verbose?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The home directory can be listed and written. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            checks?: {
                                name: string;
                                ok: boolean;
                            }[];
                            /** @enum {string} */
                            status: "ok";
                        };
                    };
                };
                /** @description The files that are needed cannot be used, another dashboard changes them, or too many clients are waiting. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            checks?: {
                                name: string;
                                ok: boolean;
                            }[];
                            /** @description The problem type as a stable code. */
                            code: string;
                            /** @description What was expected, what was found, and what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The problem type as text. */
                            title: string;
                            /** @description URN of the problem type. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: never;
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
