// Generated from openapi.json: pnpm --filter @hermes/dashboard-client generate

export interface paths {
    "/api/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who asked for what, and what came of it, newest first */
        get: {
            parameters: {
                query?: {
                    /** @description So many at most. */
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
                                /** @description The number of an entry that was removed or changed, as a dashboard noticed; all later entries say it. */
                                broken_at?: number;
                                /** @description How many requests the entry stands for, where not for one; the other fields are those of the last. */
                                count?: number;
                                /** @description Why not. */
                                detail: string | null;
                                /** @description SHA-256 of this entry without `hash`, as canonical JSON. */
                                hash: string;
                                /** @description The number of the oldest entry that is kept: rotation has removed those before. */
                                oldest?: number;
                                /** @description The hash of the entry before; 64 zeros for the first. */
                                prev: string;
                                /** @description The name of the credential. */
                                principal: string;
                                /** @description "-" where the request named one that cannot exist. */
                                profile: string;
                                reason: string | null;
                                /** @description Of the drain that was begun or cancelled. */
                                request_id: string | null;
                                /** @enum {string} */
                                result: "ok" | "refused" | "failed";
                                /** @description Counts the entries from 1. */
                                seq: number;
                                /** @description The HTTP status that was answered. */
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
                            /** @description The kind of problem, for programs. */
                            code: string;
                            /** @description What was expected, what was found, what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The kind of problem, for people. */
                            title: string;
                            /** @description URN of the kind of problem. */
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
                            /** @description The kind of problem, for programs. */
                            code: string;
                            /** @description What was expected, what was found, what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The kind of problem, for people. */
                            title: string;
                            /** @description URN of the kind of problem. */
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
                            /** @description The kind of problem, for programs. */
                            code: string;
                            /** @description What was expected, what was found, what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The kind of problem, for people. */
                            title: string;
                            /** @description URN of the kind of problem. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description The secret is wrong, and so were too many before it. A right secret is always let in. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The kind of problem, for programs. */
                            code: string;
                            /** @description What was expected, what was found, what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The kind of problem, for people. */
                            title: string;
                            /** @description URN of the kind of problem. */
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
                            /** @description The kind of problem, for programs. */
                            code: string;
                            /** @description What was expected, what was found, what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The kind of problem, for people. */
                            title: string;
                            /** @description URN of the kind of problem. */
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
        /** Whether the audit is as it was written */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Whether every entry is as it was written. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The number of the first that is wrong or missing. */
                            broken_at: number | null;
                            /** @description What is wrong; or that rotation has removed the beginning, which is right. */
                            detail: string | null;
                            /** @description How many are right, from the oldest that is kept. */
                            entries: number;
                            /** @description The number of the oldest entry that is kept. */
                            first: number | null;
                            /** @description The number of the last one that was looked at. */
                            last: number | null;
                            /** @description Its hash, to compare with a copy that is kept elsewhere. */
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
                            /** @description The kind of problem, for programs. */
                            code: string;
                            /** @description What was expected, what was found, what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The kind of problem, for people. */
                            title: string;
                            /** @description URN of the kind of problem. */
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
                            /** @description The kind of problem, for programs. */
                            code: string;
                            /** @description What was expected, what was found, what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The kind of problem, for people. */
                            title: string;
                            /** @description URN of the kind of problem. */
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
                            /** @description The kind of problem, for programs. */
                            code: string;
                            /** @description What was expected, what was found, what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The kind of problem, for people. */
                            title: string;
                            /** @description URN of the kind of problem. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description The secret is wrong, and so were too many before it. A right secret is always let in. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The kind of problem, for programs. */
                            code: string;
                            /** @description What was expected, what was found, what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The kind of problem, for people. */
                            title: string;
                            /** @description URN of the kind of problem. */
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
                            /** @description The kind of problem, for programs. */
                            code: string;
                            /** @description What was expected, what was found, what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The kind of problem, for people. */
                            title: string;
                            /** @description URN of the kind of problem. */
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
        /** What the last boots did about the gateways, newest first */
        get: {
            parameters: {
                query?: {
                    /** @description So many at most. */
                    limit?: number;
                    /** @description Only what was done about this profile. */
                    profile?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The last boots. */
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
                                /** @description The desired state in a file: `running`, `stopped`, or `null` without one. */
                                desired: string | null;
                                /** @description What the gateway was before; `null` if it never said. */
                                prior_state: string | null;
                                profile: string;
                                /** @description What decided, or why the profile was skipped. */
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
                            /** @description The kind of problem, for programs. */
                            code: string;
                            /** @description What was expected, what was found, what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The kind of problem, for people. */
                            title: string;
                            /** @description URN of the kind of problem. */
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
                            /** @description The kind of problem, for programs. */
                            code: string;
                            /** @description What was expected, what was found, what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The kind of problem, for people. */
                            title: string;
                            /** @description URN of the kind of problem. */
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
                            /** @description The kind of problem, for programs. */
                            code: string;
                            /** @description What was expected, what was found, what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The kind of problem, for people. */
                            title: string;
                            /** @description URN of the kind of problem. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description The secret is wrong, and so were too many before it. A right secret is always let in. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The kind of problem, for programs. */
                            code: string;
                            /** @description What was expected, what was found, what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The kind of problem, for people. */
                            title: string;
                            /** @description URN of the kind of problem. */
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
                    /** @description The last event that was seen. */
                    "last-event-id"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Events, without end. */
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
                            /** @description The kind of problem, for programs. */
                            code: string;
                            /** @description What was expected, what was found, what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The kind of problem, for people. */
                            title: string;
                            /** @description URN of the kind of problem. */
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
                            /** @description The kind of problem, for programs. */
                            code: string;
                            /** @description What was expected, what was found, what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The kind of problem, for people. */
                            title: string;
                            /** @description URN of the kind of problem. */
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
                            /** @description The kind of problem, for programs. */
                            code: string;
                            /** @description What was expected, what was found, what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The kind of problem, for people. */
                            title: string;
                            /** @description URN of the kind of problem. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description The secret is wrong, and so were too many before it. A right secret is always let in. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The kind of problem, for programs. */
                            code: string;
                            /** @description What was expected, what was found, what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The kind of problem, for people. */
                            title: string;
                            /** @description URN of the kind of problem. */
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
                            /** @description The kind of problem, for programs. */
                            code: string;
                            /** @description What was expected, what was found, what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The kind of problem, for people. */
                            title: string;
                            /** @description URN of the kind of problem. */
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
        /** The drain request, what it means, and what the gateway says to it */
        get: {
            parameters: {
                query?: {
                    /** @description Name of the profile; `default` when left out. */
                    profile?: string;
                    /** @description Answer when it is safe to stop, or no drain is in force any more. */
                    until?: "drained";
                    /** @description With `until`: answer after this many seconds in any case, and after 50 however many; ask again then. */
                    wait?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The request, what it means, and what the gateway says to it. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description When the drain expired whose request is still there; `null` when it has not, or has no date. */
                            expired_at: string | null;
                            /** @description When the drain in force lapses if nobody repeats it. */
                            expires_at: string | null;
                            gateway: {
                                /** @description Turns in flight: 0 when the gateway is not live, `null` when it does not say. */
                                active_agents: number | null;
                                /** @description The live gateway's own account of the drain it is in. */
                                drain: {
                                    drained_at: string | null;
                                    identity?: string;
                                    observed_at: string;
                                    principal: string | null;
                                    reason: string | null;
                                    request_id: string | null;
                                    requested_at: string | null;
                                } | null;
                                /** @description Whether the gateway is live: its heartbeat is fresh, or its process is seen to run. */
                                gateway_running: boolean;
                                /** @description State of the gateway; `stopped` or `startup_failed` when it is not live, `null` if it never said any. */
                                gateway_state: string | null;
                                /** @description When the gateway last said anything. */
                                heartbeat_at: string | null;
                                /** @description Turns in flight when it last said anything; those of a gateway that died were cut off. */
                                last_active_agents: number | null;
                                /**
                                 * @description `live`: its heartbeat is fresh. `frozen`: no heartbeat, but its process is there. `died`: its process is gone, and it did not say that it stops. `stopped`: it said so, or never came up. `unknown`: no heartbeat, and its process cannot be seen from here, or no state that can be read.
                                 * @enum {string}
                                 */
                                liveness: "live" | "frozen" | "died" | "stopped" | "unknown";
                                /** @description Id of its process, or of the last one, in its own container. */
                                pid: number | null;
                            };
                            principal: string | null;
                            profile: string;
                            reason: string | null;
                            /** @description Until when the drain is, or was, only announced. */
                            refuse_after: string | null;
                            request_id: string | null;
                            requested_at: string | null;
                            /** @description The live gateway has answered the drain in force, within a heartbeat, and has no turn in flight. */
                            safe_to_stop: boolean;
                            suppress_notification: boolean;
                            verdict: {
                                /** @description Whether a drain is in force. */
                                active: boolean;
                                /** @description The errno of a marker that is `unreadable` or `unavailable`. */
                                code: string | null;
                                /** @description Why, in a word: `current`, `announced`, `absent`, `expired` and so on; `unavailable`: unknown, ask again. */
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
                            /** @description The kind of problem, for programs. */
                            code: string;
                            /** @description What was expected, what was found, what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The kind of problem, for people. */
                            title: string;
                            /** @description URN of the kind of problem. */
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
                            /** @description The kind of problem, for programs. */
                            code: string;
                            /** @description What was expected, what was found, what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The kind of problem, for people. */
                            title: string;
                            /** @description URN of the kind of problem. */
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
                            /** @description The kind of problem, for programs. */
                            code: string;
                            /** @description What was expected, what was found, what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The kind of problem, for people. */
                            title: string;
                            /** @description URN of the kind of problem. */
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
                            /** @description The kind of problem, for programs. */
                            code: string;
                            /** @description What was expected, what was found, what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The kind of problem, for people. */
                            title: string;
                            /** @description URN of the kind of problem. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description The secret is wrong, and so were too many before it. A right secret is always let in. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The kind of problem, for programs. */
                            code: string;
                            /** @description What was expected, what was found, what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The kind of problem, for people. */
                            title: string;
                            /** @description URN of the kind of problem. */
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
                            /** @description The kind of problem, for programs. */
                            code: string;
                            /** @description What was expected, what was found, what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The kind of problem, for people. */
                            title: string;
                            /** @description URN of the kind of problem. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
            };
        };
        put?: never;
        /** Begin a drain, repeat it to keep it alive, or cancel it */
        post: {
            parameters: {
                query?: {
                    /** @description Name of the profile; `default` when left out. */
                    profile?: string;
                };
                header?: {
                    /** @description `"request_id"`: keep alive, or cancel, only this drain. */
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
                         * @description An empty body begins a drain, too.
                         * @default drain
                         * @enum {string}
                         */
                        action?: "drain" | "cancel";
                        /** @description From 0 to 300: a new drain is announced for so long. The gateway is not ready and still admits. */
                        lead_seconds?: number;
                        /** @description When the drain lapses if nobody repeats it; 3600 when left out. */
                        max_age_seconds?: number;
                        /** @description Name of the profile; `default` when left out. */
                        profile?: string;
                        /** @description Why, for the people who will wonder. */
                        reason?: string;
                        /**
                         * Format: uuid
                         * @description The id of the drain, a UUID of your choice: begin it, keep it alive or cancel it, and never another one.
                         */
                        request_id?: string;
                        /** @description No broadcast to the home channels at shutdown. */
                        suppress_notification?: boolean;
                    };
                };
            };
            responses: {
                /** @description Done, durably. */
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
                            /** @description Whether the gateway is live: its heartbeat is fresh, or its process is seen to run. */
                            gateway_running: boolean;
                            /** @enum {boolean} */
                            ok: true;
                            /** @description From when on no new turn starts, where the begin has a lead. */
                            refuse_after?: string;
                            request_id: string;
                            requested_at: string;
                            suppress_notification: boolean;
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
                            /** @description The kind of problem, for programs. */
                            code: string;
                            /** @description What was expected, what was found, what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The kind of problem, for people. */
                            title: string;
                            /** @description URN of the kind of problem. */
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
                            /** @description The kind of problem, for programs. */
                            code: string;
                            /** @description What was expected, what was found, what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The kind of problem, for people. */
                            title: string;
                            /** @description URN of the kind of problem. */
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
                            /** @description The kind of problem, for programs. */
                            code: string;
                            /** @description What was expected, what was found, what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The kind of problem, for people. */
                            title: string;
                            /** @description URN of the kind of problem. */
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
                            /** @description The kind of problem, for programs. */
                            code: string;
                            /** @description What was expected, what was found, what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The kind of problem, for people. */
                            title: string;
                            /** @description URN of the kind of problem. */
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
                            /** @description The kind of problem, for programs. */
                            code: string;
                            /** @description What was expected, what was found, what to do. */
                            detail?: string;
                            holder: {
                                principal: string | null;
                                reason: string | null;
                                request_id: string | null;
                                requested_at: string | null;
                            };
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The kind of problem, for people. */
                            title: string;
                            /** @description URN of the kind of problem. */
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
                            /** @description The kind of problem, for programs. */
                            code: string;
                            /** @description What was expected, what was found, what to do. */
                            detail?: string;
                            holder: {
                                principal: string | null;
                                reason: string | null;
                                request_id: string | null;
                                requested_at: string | null;
                            };
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The kind of problem, for people. */
                            title: string;
                            /** @description URN of the kind of problem. */
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
                            /** @description The kind of problem, for programs. */
                            code: string;
                            /** @description What was expected, what was found, what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The kind of problem, for people. */
                            title: string;
                            /** @description URN of the kind of problem. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description The secret is wrong, and so were too many before it. A right secret is always let in. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The kind of problem, for programs. */
                            code: string;
                            /** @description What was expected, what was found, what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The kind of problem, for people. */
                            title: string;
                            /** @description URN of the kind of problem. */
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
                            /** @description The kind of problem, for programs. */
                            code: string;
                            /** @description What was expected, what was found, what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The kind of problem, for people. */
                            title: string;
                            /** @description URN of the kind of problem. */
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
                            /** @description The kind of problem, for programs. */
                            code: string;
                            /** @description What was expected, what was found, what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The kind of problem, for people. */
                            title: string;
                            /** @description URN of the kind of problem. */
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
                    /** @description Name of the profile; `default` when left out. */
                    profile?: string;
                };
                header?: {
                    /** @description `"request_id"`: cancel only this drain. `*`: whatever is there. */
                    "if-match"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The marker is gone. */
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
                            /** @description The kind of problem, for programs. */
                            code: string;
                            /** @description What was expected, what was found, what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The kind of problem, for people. */
                            title: string;
                            /** @description URN of the kind of problem. */
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
                            /** @description The kind of problem, for programs. */
                            code: string;
                            /** @description What was expected, what was found, what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The kind of problem, for people. */
                            title: string;
                            /** @description URN of the kind of problem. */
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
                            /** @description The kind of problem, for programs. */
                            code: string;
                            /** @description What was expected, what was found, what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The kind of problem, for people. */
                            title: string;
                            /** @description URN of the kind of problem. */
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
                            /** @description The kind of problem, for programs. */
                            code: string;
                            /** @description What was expected, what was found, what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The kind of problem, for people. */
                            title: string;
                            /** @description URN of the kind of problem. */
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
                            /** @description The kind of problem, for programs. */
                            code: string;
                            /** @description What was expected, what was found, what to do. */
                            detail?: string;
                            holder: {
                                principal: string | null;
                                reason: string | null;
                                request_id: string | null;
                                requested_at: string | null;
                            };
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The kind of problem, for people. */
                            title: string;
                            /** @description URN of the kind of problem. */
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
                            /** @description The kind of problem, for programs. */
                            code: string;
                            /** @description What was expected, what was found, what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The kind of problem, for people. */
                            title: string;
                            /** @description URN of the kind of problem. */
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
                         * @description Even if turns are cut off by it.
                         * @default false
                         */
                        force?: boolean;
                        /**
                         * @description Whether the drain that was in force at the beginning stays in force; else it ends with the restart.
                         * @default false
                         */
                        keep_drain?: boolean;
                        /** @description Name of the profile; `default` when left out. */
                        profile?: string;
                        /** @description Why, for the audit. */
                        reason?: string;
                    };
                };
            };
            responses: {
                /** @description It has begun; how it goes on is told in the view of the profile. */
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
                                /** @description When it came to this state. */
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
                            /** @description The kind of problem, for programs. */
                            code: string;
                            /** @description What was expected, what was found, what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The kind of problem, for people. */
                            title: string;
                            /** @description URN of the kind of problem. */
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
                            /** @description The kind of problem, for programs. */
                            code: string;
                            /** @description What was expected, what was found, what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The kind of problem, for people. */
                            title: string;
                            /** @description URN of the kind of problem. */
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
                            /** @description The kind of problem, for programs. */
                            code: string;
                            /** @description What was expected, what was found, what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The kind of problem, for people. */
                            title: string;
                            /** @description URN of the kind of problem. */
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
                            /** @description The kind of problem, for programs. */
                            code: string;
                            /** @description What was expected, what was found, what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The kind of problem, for people. */
                            title: string;
                            /** @description URN of the kind of problem. */
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
                            /** @description The kind of problem, for programs. */
                            code: string;
                            /** @description What was expected, what was found, what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The kind of problem, for people. */
                            title: string;
                            /** @description What is left. */
                            turns?: {
                                /** @description Turns in flight: 0 when the gateway is not live, `null` when it does not say. */
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
                            /** @description URN of the kind of problem. */
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
                            /** @description The kind of problem, for programs. */
                            code: string;
                            /** @description What was expected, what was found, what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The kind of problem, for people. */
                            title: string;
                            /** @description URN of the kind of problem. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description The secret is wrong, and so were too many before it. A right secret is always let in. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The kind of problem, for programs. */
                            code: string;
                            /** @description What was expected, what was found, what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The kind of problem, for people. */
                            title: string;
                            /** @description URN of the kind of problem. */
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
                            /** @description The kind of problem, for programs. */
                            code: string;
                            /** @description What was expected, what was found, what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The kind of problem, for people. */
                            title: string;
                            /** @description URN of the kind of problem. */
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
                            /** @description The kind of problem, for programs. */
                            code: string;
                            /** @description What was expected, what was found, what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The kind of problem, for people. */
                            title: string;
                            /** @description URN of the kind of problem. */
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
                    /** @description Name of the profile; `default` when left out. */
                    profile?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The last ten minutes, as far as this dashboard has seen them. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            profile: string;
                            /** @description Unix ms, and the turns in flight from then on; `null` when the gateway did not say. */
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
                            /** @description The kind of problem, for programs. */
                            code: string;
                            /** @description What was expected, what was found, what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The kind of problem, for people. */
                            title: string;
                            /** @description URN of the kind of problem. */
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
                            /** @description The kind of problem, for programs. */
                            code: string;
                            /** @description What was expected, what was found, what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The kind of problem, for people. */
                            title: string;
                            /** @description URN of the kind of problem. */
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
                            /** @description The kind of problem, for programs. */
                            code: string;
                            /** @description What was expected, what was found, what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The kind of problem, for people. */
                            title: string;
                            /** @description URN of the kind of problem. */
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
                            /** @description The kind of problem, for programs. */
                            code: string;
                            /** @description What was expected, what was found, what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The kind of problem, for people. */
                            title: string;
                            /** @description URN of the kind of problem. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description The secret is wrong, and so were too many before it. A right secret is always let in. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The kind of problem, for programs. */
                            code: string;
                            /** @description What was expected, what was found, what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The kind of problem, for people. */
                            title: string;
                            /** @description URN of the kind of problem. */
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
        /** Every profile, `default` first */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Every profile. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            profiles: {
                                /** @description Turns in flight: 0 when the gateway is not live, `null` when it does not say. */
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
                                /** @description What the operator wants; `null` if never told. */
                                desired_state: ("running" | "stopped") | null;
                                /** @description The live gateway's own account of the drain it is in. */
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
                                /** @description Running, with turns in flight or not saying how many. */
                                gateway_busy: boolean;
                                /** @description Running. */
                                gateway_drainable: boolean;
                                /** @description Whether the gateway is live: its heartbeat is fresh, or its process is seen to run. */
                                gateway_running: boolean;
                                /** @description State of the gateway; `stopped` or `startup_failed` when it is not live, `null` if it never said any. */
                                gateway_state: string | null;
                                /** @description When the gateway last said anything. */
                                heartbeat_at: string | null;
                                /** @description Turns in flight when it last said anything; those of a gateway that died were cut off. */
                                last_active_agents: number | null;
                                /**
                                 * @description `live`: its heartbeat is fresh. `frozen`: no heartbeat, but its process is there. `died`: its process is gone, and it did not say that it stops. `stopped`: it said so, or never came up. `unknown`: no heartbeat, and its process cannot be seen from here, or no state that can be read.
                                 * @enum {string}
                                 */
                                liveness: "live" | "frozen" | "died" | "stopped" | "unknown";
                                name: string;
                                /** @description Id of its process, or of the last one, in its own container. */
                                pid: number | null;
                                /** @description Messages accepted and waiting; `null` if it does not say. */
                                queued_turns: number | null;
                                /** @description Messages refused in this drain; `null` if it does not say. */
                                refused_turns: number | null;
                                /** @description The marker and what it means; `null` without one. */
                                request: {
                                    /** @description When the drain expired whose request is still there; `null` when it has not, or has no date. */
                                    expired_at: string | null;
                                    /** @description When the drain in force lapses if nobody repeats it. */
                                    expires_at: string | null;
                                    /** @description Which drain it is: the same through every refresh, also of a marker without an id; `null` if none. */
                                    identity: string | null;
                                    principal: string | null;
                                    reason: string | null;
                                    /** @description Until when the drain is, or was, only announced. */
                                    refuse_after: string | null;
                                    request_id: string | null;
                                    requested_at: string | null;
                                    suppress_notification: boolean;
                                    verdict: {
                                        /** @description Whether a drain is in force. */
                                        active: boolean;
                                        /** @description Why, in a word: `current`, `announced`, `expired` and so on; `unavailable`: unknown, ask again. */
                                        reason: string;
                                    };
                                } | null;
                                /** @description The restart in flight, or the last one that was asked for here. */
                                restart: {
                                    error: string | null;
                                    /** @description When it came to this state. */
                                    since: string;
                                    /** @enum {string} */
                                    state: "stopping" | "starting" | "ready" | "failed";
                                } | null;
                                /** @description Seconds that a shutdown waits for turns in flight. */
                                restart_drain_timeout: number | null;
                                /** @description The live gateway has answered the drain in force, within a heartbeat, and has no turn in flight. */
                                safe_to_stop: boolean;
                                /** @description Its service; `null` where no service manager runs. */
                                slot: {
                                    exit_code: number | null;
                                    pid: number | null;
                                    /** @description The gateway has reported that it is ready. */
                                    ready: boolean;
                                    /** @description How long it has been in this state. */
                                    seconds: number;
                                    signal: string | null;
                                    /** @enum {string} */
                                    state: "not-registered" | "stopped" | "starting" | "running" | "stopping" | "failed";
                                } | null;
                                /** @description A turn in flight has been silent for longer than its gateway allows. */
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
                            /** @description The kind of problem, for programs. */
                            code: string;
                            /** @description What was expected, what was found, what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The kind of problem, for people. */
                            title: string;
                            /** @description URN of the kind of problem. */
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
                            /** @description The kind of problem, for programs. */
                            code: string;
                            /** @description What was expected, what was found, what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The kind of problem, for people. */
                            title: string;
                            /** @description URN of the kind of problem. */
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
                            /** @description The kind of problem, for programs. */
                            code: string;
                            /** @description What was expected, what was found, what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The kind of problem, for people. */
                            title: string;
                            /** @description URN of the kind of problem. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description The secret is wrong, and so were too many before it. A right secret is always let in. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The kind of problem, for programs. */
                            code: string;
                            /** @description What was expected, what was found, what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The kind of problem, for people. */
                            title: string;
                            /** @description URN of the kind of problem. */
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
        /** What a gateway is doing */
        get: {
            parameters: {
                query?: {
                    /** @description Name of the profile; `default` when left out. */
                    profile?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What the gateway is doing. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Turns in flight: 0 when the gateway is not live, `null` when it does not say. */
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
                            /** @description The live gateway's own account of the drain it is in. */
                            drain: {
                                drained_at: string | null;
                                identity?: string;
                                observed_at: string;
                                principal: string | null;
                                reason: string | null;
                                request_id: string | null;
                                requested_at: string | null;
                            } | null;
                            /** @description Running, with turns in flight or not saying how many. */
                            gateway_busy: boolean;
                            /** @description Running. */
                            gateway_drainable: boolean;
                            /** @description Whether the gateway is live: its heartbeat is fresh, or its process is seen to run. */
                            gateway_running: boolean;
                            /** @description State of the gateway; `stopped` or `startup_failed` when it is not live, `null` if it never said any. */
                            gateway_state: string | null;
                            /** @description When the gateway last said anything. */
                            heartbeat_at: string | null;
                            /** @description Turns in flight when it last said anything; those of a gateway that died were cut off. */
                            last_active_agents: number | null;
                            /**
                             * @description `live`: its heartbeat is fresh. `frozen`: no heartbeat, but its process is there. `died`: its process is gone, and it did not say that it stops. `stopped`: it said so, or never came up. `unknown`: no heartbeat, and its process cannot be seen from here, or no state that can be read.
                             * @enum {string}
                             */
                            liveness: "live" | "frozen" | "died" | "stopped" | "unknown";
                            /** @description Id of its process, or of the last one, in its own container. */
                            pid: number | null;
                            profile: string;
                            /** @description Seconds that a shutdown waits for turns in flight. */
                            restart_drain_timeout: number | null;
                            /** @description The live gateway has answered the drain in force, within a heartbeat, and has no turn in flight. */
                            safe_to_stop: boolean;
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
                            /** @description The kind of problem, for programs. */
                            code: string;
                            /** @description What was expected, what was found, what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The kind of problem, for people. */
                            title: string;
                            /** @description URN of the kind of problem. */
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
                            /** @description The kind of problem, for programs. */
                            code: string;
                            /** @description What was expected, what was found, what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The kind of problem, for people. */
                            title: string;
                            /** @description URN of the kind of problem. */
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
                            /** @description The kind of problem, for programs. */
                            code: string;
                            /** @description What was expected, what was found, what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The kind of problem, for people. */
                            title: string;
                            /** @description URN of the kind of problem. */
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
                            /** @description The kind of problem, for programs. */
                            code: string;
                            /** @description What was expected, what was found, what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The kind of problem, for people. */
                            title: string;
                            /** @description URN of the kind of problem. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description The secret is wrong, and so were too many before it. A right secret is always let in. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** @description The kind of problem, for programs. */
                            code: string;
                            /** @description What was expected, what was found, what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The kind of problem, for people. */
                            title: string;
                            /** @description URN of the kind of problem. */
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
        /** Whether this program is alive */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description It is. */
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
        /** Figures of the gateways and of the dashboard, for Prometheus */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The figures of now. */
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
        /** Whether the home directory can be listed and written */
        get: {
            parameters: {
                query?: {
                    /** @description Present: list the checks. "audit_whole" alone does not decide. */
                    verbose?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description They can. */
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
                            /** @description The kind of problem, for programs. */
                            code: string;
                            /** @description What was expected, what was found, what to do. */
                            detail?: string;
                            /** @description The HTTP status. */
                            status: number;
                            /** @description The kind of problem, for people. */
                            title: string;
                            /** @description URN of the kind of problem. */
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
