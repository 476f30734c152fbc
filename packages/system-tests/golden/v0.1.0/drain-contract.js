import { once } from "node:events";
import { accessSync, closeSync, constants, fchmodSync, fchownSync, fdatasync, fstatSync, fsync, ftruncateSync, linkSync, lstatSync, openSync, readFileSync, readSync, readdirSync, readlinkSync, realpathSync, renameSync, rmSync, statSync, unlinkSync, writeFileSync, writeSync } from "node:fs";
import { lstat, open, readdir, unlink } from "node:fs/promises";
import { connect } from "node:net";
import { basename, dirname, join, parse, resolve, sep } from "node:path";
import { homedir } from "node:os";
import { promisify } from "node:util";
import { randomUUID } from "node:crypto";
import { execFileSync } from "node:child_process";
import { setTimeout as setTimeout$1 } from "node:timers/promises";
// golden/.draft-xVU5XF/library/package/dist/dashboard/connect.js
const O_PATH = 2097152;
/**
* Connects to the socket at `path`, however long that is, and never through a link. On Linux no process can exchange the file
* between the check of its owner and the connection; elsewhere those could who can write to its directory. The connection may break
* before the caller looks at it: it has a listener for errors, and `errored` says what happened.
* @throws the error of `check` or of the system; `ENOTSOCK` for another kind of file.
*/
async function connectToSocket(path, options) {
	if (process.platform !== "linux") return connectChecked(path, await lstat(path), options);
	const file = await open(path, O_PATH | constants.O_NOFOLLOW);
	try {
		return await connectChecked(`/proc/self/fd/${file.fd}`, await file.stat(), options);
	} finally {
		await file.close();
	}
}
async function connectChecked(path, stat, { signal, check }) {
	if (!stat.isSocket()) throw Object.assign(/* @__PURE__ */ new Error("it is not a socket"), { code: "ENOTSOCK" });
	check(Number(stat.uid));
	signal.throwIfAborted();
	const socket = connect(path);
	socket.on("error", () => void 0);
	try {
		await once(socket, "connect", { signal });
		return socket;
	} catch (error) {
		socket.destroy();
		signal.throwIfAborted();
		throw error;
	}
}
// golden/.draft-xVU5XF/library/package/dist/dashboard/names.js
/** The socket of a dashboard in its home. Its file mode 0600 controls the access. */
const DASHBOARD_SOCKET_FILENAME = ".dashboard.sock";
/** The file with the generated secret of a dashboard, in its home. */
const DASHBOARD_TOKEN_FILENAME = ".dashboard_token";
// golden/.draft-xVU5XF/library/package/dist/home.js
/** The home directory that `options` names, as an absolute path. An empty one counts as not named, like an empty `HERMES_HOME`. */
function resolveHome(options = {}) {
	const named = options.home || process.env.HERMES_HOME?.trim();
	return named ? resolve(named) : join(homedir(), ".hermes");
}
// golden/.draft-xVU5XF/library/package/dist/desired-state/path.js
/** Name of the desired state file in a profile's home directory. */
const DESIRED_STATE_FILENAME = "desired_state.json";
/** Absolute path of the desired state file. Touches no file. */
function desiredStatePath(options = {}) {
	return join(resolveHome(options), DESIRED_STATE_FILENAME);
}
// golden/.draft-xVU5XF/library/package/dist/files/decode.pure.js
/** The largest contract file a reader accepts, in bytes. */
const MAX_FILE_BYTES = 65536;
const utf8 = new TextDecoder("utf-8", {
	fatal: true,
	ignoreBOM: true
});
/**
* The JSON object that `bytes` hold, or `undefined` for anything else: invalid UTF-8, a byte order mark, cut off,
* another JSON type, or more than {@link MAX_FILE_BYTES}.
*/
function decodeJsonObject(bytes) {
	if (bytes.byteLength > 65536) return void 0;
	try {
		const value = JSON.parse(utf8.decode(bytes));
		return isPlainObject$1(value) ? value : void 0;
	} catch {
		return;
	}
}
function isPlainObject$1(value) {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
/** The bytes that Python's `json.dump(value, indent=2, ensure_ascii=False)` writes for the same value. */
function encodeJson(value) {
	return JSON.stringify(value, null, 2);
}
// golden/.draft-xVU5XF/library/package/dist/files/sighting.js
/** Whether two reads found the same. Pure. */
function isSameSighting(a, b) {
	if (a.kind === "bytes") return b.kind === "bytes" && a.mtimeMs === b.mtimeMs && isSameText(a.bytes, b.bytes);
	return a.kind === b.kind && (a.kind === "absent" || !("code" in b) || a.code === b.code);
}
function isSameText(a, b) {
	return a.byteLength === b.byteLength && a.every((byte, index) => byte === b[index]);
}
/** Reasons that lie in the path: it can lead to no file. */
const OF_THE_PATH = [
	"ENOTDIR",
	"ENAMETOOLONG",
	"ERR_INVALID_ARG_VALUE"
];
/** Reasons that lie in the file: they last until the file is changed. Opening a socket fails with ENXIO. */
const OF_THE_FILE = [
	"EACCES",
	"EPERM",
	"EISDIR",
	"ELOOP",
	"ENOTREG",
	"ENXIO"
];
/** The result of an `open` or a `read` that failed with this errno. An errno that is not known to last counts as temporary. */
function failedRead(code) {
	return OF_THE_FILE.includes(code) ? {
		kind: "unreadable",
		code
	} : failedLook(code);
}
/** The result of an `lstat` that failed with this errno: it needs no access to the file, so the path itself is inaccessible. */
function failedLook(code) {
	if (code === "ENOENT") return { kind: "absent" };
	return {
		kind: OF_THE_PATH.includes(code) ? "unreadable" : "unavailable",
		code
	};
}
// golden/.draft-xVU5XF/library/package/dist/files/spare-descriptors.js
/** A marker is written with four, its lock, its directory, the new file and the old one; another is for a state. */
const SPARES = 5;
/** No descriptor is left for this process, or none for the machine. */
const EXHAUSTED = /* @__PURE__ */ new Set(["EMFILE", "ENFILE"]);
const spares = [];
let wanted = 0;
/**
* Keeps descriptors in hand for the contract files: a program whose connections have used up all others still sees the
* marker and publishes its state. Programs hold them for their whole life; disposing gives them back.
*/
function holdSpareDescriptors(count = SPARES) {
	wanted += count;
	replenish();
	return { [Symbol.dispose]() {
		wanted -= count;
		while (spares.length > wanted) closeSync(spares.pop());
	} };
}
/** `openSync`; uses a spare descriptor when there is no other. Close the result with {@link closeFile}. */
function openFile(path, flags, mode) {
	for (;;) try {
		return openSync(path, flags, mode);
	} catch (error) {
		const spare = EXHAUSTED.has(error.code) ? spares.pop() : void 0;
		if (spare === void 0) throw error;
		closeSync(spare);
	}
}
/**
* Calls `open`, which does not say why it failed, with the help of spare descriptors when there are no others. What it
* opened is to be followed by {@link replenish} once it is closed. @throws what `open` throws, or EMFILE or ENFILE.
*/
function openWithSpares(open) {
	for (;;) try {
		return open();
	} catch (error) {
		const exhaustion = findExhaustion();
		if (exhaustion === void 0) throw error;
		const spare = spares.pop();
		if (spare === void 0) throw exhaustion;
		closeSync(spare);
	}
}
function findExhaustion() {
	try {
		closeSync(openSync("/", "r"));
		return;
	} catch (error) {
		return EXHAUSTED.has(error.code) ? error : void 0;
	}
}
/** `closeSync`. Takes back a spare descriptor at once, before anything else can have the one that is free now. */
function closeFile(file) {
	closeSync(file);
	replenish();
}
/** Takes back spare descriptors that were given up, as far as there are free ones. */
function replenish() {
	try {
		while (spares.length < wanted) spares.push(openSync("/", "r"));
	} catch {}
}
// golden/.draft-xVU5XF/library/package/dist/files/trusted-file.js
/** Opening never blocks on a FIFO and never acquires a controlling terminal. */
const NEVER_WAIT = constants.O_NONBLOCK | constants.O_NOCTTY;
/** Flags to open a file in a directory that others may write: never follows a link, never blocks on a FIFO. */
const UNTRUSTED_PLACE = constants.O_NOFOLLOW | NEVER_WAIT;
/** A file that does not meet the requirements; the message has the reason, in words that follow its name. */
var UntrustedFileError = class extends Error {
	/** The fault, for programs. */
	distrust;
	constructor(distrust, message, options) {
		super(message, options);
		this.name = "UntrustedFileError";
		this.distrust = distrust;
	}
};
/** The text of the file at `path`, checked and read through one descriptor. @throws UntrustedFileError, or the error of the system. */
function readTrustedFile(path, rules) {
	const fd = open$2(path, rules.followLinks);
	try {
		const stat = fstatSync(fd);
		requireTrusted(stat, rules);
		return {
			text: readFileSync(fd, "utf8"),
			owner: stat.uid
		};
	} finally {
		closeSync(fd);
	}
}
function open$2(path, followLinks) {
	try {
		return openSync(path, constants.O_RDONLY | (followLinks ? NEVER_WAIT : UNTRUSTED_PLACE));
	} catch (error) {
		if (error.code !== "ELOOP") throw error;
		throw new UntrustedFileError("link", "it is a symbolic link", { cause: error });
	}
}
function requireTrusted(stat, { owners, forbiddenMode, maxBytes }) {
	if (!stat.isFile()) throw new UntrustedFileError("kind", "it is not a regular file");
	if (owners && !owners.includes(stat.uid)) {
		const expected = owners.includes(0) ? "neither to this user nor to root" : "not to this user";
		throw new UntrustedFileError("owner", `it belongs to user id ${stat.uid}, ${expected}`);
	}
	if ((stat.mode & forbiddenMode(stat)) !== 0) throw new UntrustedFileError("access", "other users have access to it");
	if (stat.size > maxBytes) throw new UntrustedFileError("size", `it is too large: it has more than ${maxBytes} bytes`);
}
// golden/.draft-xVU5XF/library/package/dist/files/read.js
const OPEN_FLAGS$1 = constants.O_RDONLY | UNTRUSTED_PLACE;
/** Looks at `path` once. Never throws, never blocks, never follows a link. */
function readSmallFile(path) {
	try {
		const fd = openFile(path, OPEN_FLAGS$1);
		try {
			return readRegularFile(fd);
		} finally {
			closeFile(fd);
		}
	} catch (error) {
		return failedRead(codeOf(error));
	}
}
/** The same for a file that is usually absent: a failed open takes several times as long, and a descriptor. */
function readRareFile(path) {
	try {
		if (lstatSync(path, { throwIfNoEntry: false }) === void 0) return { kind: "absent" };
	} catch (error) {
		return failedLook(codeOf(error));
	}
	return readSmallFile(path);
}
function codeOf(error) {
	return error.code ?? "EIO";
}
function readRegularFile(fd) {
	const stat = fstatSync(fd);
	if (stat.isDirectory()) return {
		kind: "unreadable",
		code: "EISDIR"
	};
	if (!stat.isFile()) return {
		kind: "unreadable",
		code: "ENOTREG"
	};
	const buffer = Buffer.allocUnsafe(Math.min(stat.size, MAX_FILE_BYTES) + 1);
	let length = 0;
	while (length < buffer.length) {
		const count = readSync(fd, buffer, length, buffer.length - length, null);
		length += count;
		if (count === 0 || length === stat.size) break;
	}
	return {
		kind: "bytes",
		bytes: buffer.subarray(0, length),
		mtimeMs: stat.mtimeMs
	};
}
// golden/.draft-xVU5XF/library/package/dist/desired-state/read.js
/** The desired state; `undefined` when there is none that can be read. Never throws. */
function readDesiredState(options = {}) {
	const sighting = readSmallFile(desiredStatePath(options));
	if (sighting.kind !== "bytes") return void 0;
	const { desired_state, updated_at } = decodeJsonObject(sighting.bytes) ?? {};
	if (desired_state !== "running" && desired_state !== "stopped") return void 0;
	return {
		desired_state,
		updated_at: typeof updated_at === "string" ? updated_at : null
	};
}
// ../../node_modules/.pnpm/zod@4.6.7/node_modules/zod/v4/core/util.js
function getEnumValues(entries) {
	const numericValues = Object.values(entries).filter((v) => typeof v === "number");
	return Object.entries(entries).filter(([k, _]) => numericValues.indexOf(+k) === -1).map(([_, v]) => v);
}
function joinValues(array, separator = "|") {
	return array.map((val) => stringifyPrimitive(val)).join(separator);
}
function jsonStringifyReplacer(_, value) {
	if (typeof value === "bigint") return value.toString();
	return value;
}
var Cached = class {
	constructor(getter) {
		this._getter = getter;
		this._value = void 0;
	}
	get value() {
		const getter = this._getter;
		if (getter !== void 0) {
			this._value = getter();
			this._getter = void 0;
		}
		return this._value;
	}
};
function cached(getter) {
	return new Cached(getter);
}
function nullish(input) {
	return input === null || input === void 0;
}
function cleanRegex(source) {
	const start = source.startsWith("^") ? 1 : 0;
	const end = source.endsWith("$") ? source.length - 1 : source.length;
	return source.slice(start, end);
}
function floatSafeRemainder(val, step) {
	const ratio = val / step;
	const roundedRatio = Math.round(ratio);
	const tolerance = 4 * Number.EPSILON * Math.max(Math.abs(ratio), 1);
	if (Math.abs(ratio - roundedRatio) < tolerance) return 0;
	return ratio - roundedRatio;
}
function assignProp(target, prop, value) {
	Object.defineProperty(target, prop, {
		value,
		writable: true,
		enumerable: true,
		configurable: true
	});
}
/**
* Whichever object a def's `shape` currently answers from: the one the caller passed until the first read, the frozen copy after it.
*
* Its keys and descriptors read without invoking anything, which is what lets a discriminated union check its discriminator, and the cycle walk read a shape, without resolving a getter that references the schema being constructed. A def that answers `shape` from an accessor of its own has none.
*/
function rawShape(def) {
	const desc = Object.getOwnPropertyDescriptor(def, "shape");
	return desc?.get ? desc.get.raw : desc?.value;
}
function sourceShape(schema) {
	return rawShape(schema._zod.def) ?? schema._zod.def.shape;
}
function deferProp(target, key, getter) {
	Object.defineProperty(target, key, {
		get() {
			const value = getter();
			assignProp(this, key, value);
			return value;
		},
		enumerable: true,
		configurable: true
	});
}
function putProp(target, key, value) {
	if (key in target) assignProp(target, key, value);
	else target[key] = value;
}
/**
* Copies `keys` of `source`'s shape onto `target`, each value passed through `wrap`.
*
* A key the source has resolved is copied through now, so the derived shape states it outright and nothing has to resolve it to learn what it holds. A key the source still defers stays deferred, and reads back through the source's own `shape`, so it resolves once and both shapes get that one schema.
*/
function mirrorShape(target, source, keys, wrap) {
	const raw = sourceShape(source);
	for (const key of keys) {
		const desc = Object.getOwnPropertyDescriptor(raw, key);
		if (!desc.enumerable) continue;
		if (desc.get) deferProp(target, key, () => {
			const value = source._zod.def.shape[key];
			return wrap ? wrap(value, key) : value;
		});
		else putProp(target, key, wrap ? wrap(desc.value, key) : desc.value);
	}
}
function mirrorProps(target, source) {
	for (const key of Reflect.ownKeys(source)) {
		const desc = Object.getOwnPropertyDescriptor(source, key);
		if (!desc.enumerable) continue;
		if (desc.get) deferProp(target, key, () => source[key]);
		else putProp(target, key, desc.value);
	}
}
function mergeDefs(...defs) {
	const mergedDescriptors = {};
	for (const def of defs) {
		const descriptors = Object.getOwnPropertyDescriptors(def);
		Object.assign(mergedDescriptors, descriptors);
	}
	return Object.defineProperties({}, mergedDescriptors);
}
function esc(str) {
	return JSON.stringify(str);
}
function slugify(input) {
	return input.toLowerCase().trim().replace(/[^\w\s-]/g, "").replace(/[\s_-]+/g, "-").replace(/^-+|-+$/g, "");
}
const captureStackTrace = "captureStackTrace" in Error ? Error.captureStackTrace : (..._args) => {};
function isObject(data) {
	return typeof data === "object" && data !== null && !Array.isArray(data);
}
const allowsEval = /* @__PURE__*/ cached(() => {
	if (globalConfig.jitless) return false;
	if (typeof navigator !== "undefined" && navigator?.userAgent?.includes("Cloudflare")) return false;
	try {
		new Function("");
		return true;
	} catch (_) {
		return false;
	}
});
function isPlainObject(o) {
	if (isObject(o) === false) return false;
	const ctor = o.constructor;
	if (ctor === void 0) return true;
	if (typeof ctor !== "function") return true;
	const prot = ctor.prototype;
	if (isObject(prot) === false) return false;
	if (Object.prototype.hasOwnProperty.call(prot, "isPrototypeOf") === false) return false;
	return true;
}
function shallowClone(o) {
	if (isPlainObject(o)) return { ...o };
	if (Array.isArray(o)) return [...o];
	if (o instanceof Map) return new Map(o);
	if (o instanceof Set) return new Set(o);
	return o;
}
const propertyKeyTypes = /* @__PURE__*/ new Set([
	"string",
	"number",
	"symbol"
]);
function escapeRegex(str) {
	return str.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
function clone(inst, def, params) {
	const cl = new inst._zod.constr(def ?? inst._zod.def);
	if (!def || params?.parent) cl._zod.parent = inst;
	return cl;
}
function normalizeParams(_params) {
	const params = _params;
	if (!params) return {};
	if (typeof params === "string") return { error: () => params };
	if (params?.message !== void 0) {
		if (params?.error !== void 0) throw new Error("Cannot specify both `message` and `error` params");
		params.error = params.message;
	}
	delete params.message;
	if (typeof params.error === "string") return {
		...params,
		error: () => params.error
	};
	return params;
}
function stringifyPrimitive(value) {
	if (typeof value === "bigint") return value.toString() + "n";
	if (typeof value === "string") return `"${value}"`;
	return `${value}`;
}
function optionalKeys(shape) {
	return Object.keys(shape).filter((k) => {
		return shape[k]._zod.optin !== void 0 && shape[k]._zod.optout === "optional";
	});
}
const NUMBER_FORMAT_RANGES = /*@__PURE__*/ (() => ({
	safeint: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
	int32: [-2147483648, 2147483647],
	uint32: [0, 4294967295],
	float32: [-34028234663852886e22, 34028234663852886e22],
	float64: [-Number.MAX_VALUE, Number.MAX_VALUE]
}))();
const BIGINT_FORMAT_RANGES = {
	int64: [/* @__PURE__*/ BigInt("-9223372036854775808"), /* @__PURE__*/ BigInt("9223372036854775807")],
	uint64: [/* @__PURE__*/ BigInt(0), /* @__PURE__*/ BigInt("18446744073709551615")]
};
function pick(schema, mask) {
	const currDef = schema._zod.def;
	const checks = currDef.checks;
	if (checks && checks.length > 0) throw new Error(".pick() cannot be used on object schemas containing refinements");
	const newShape = {};
	mirrorShape(newShape, schema, maskedKeys(schema, mask));
	return clone(schema, mergeDefs(currDef, {
		shape: newShape,
		checks: []
	}));
}
function maskedKeys(schema, mask) {
	const raw = sourceShape(schema);
	const keys = [];
	for (const key of Reflect.ownKeys(mask)) {
		if (!Object.getOwnPropertyDescriptor(raw, key)?.enumerable) throw new Error(`Unrecognized key: "${String(key)}"`);
		if (mask[key]) keys.push(key);
	}
	return keys;
}
function omit(schema, mask) {
	const currDef = schema._zod.def;
	const checks = currDef.checks;
	if (checks && checks.length > 0) throw new Error(".omit() cannot be used on object schemas containing refinements");
	const omitted = new Set(maskedKeys(schema, mask));
	const newShape = {};
	mirrorShape(newShape, schema, Reflect.ownKeys(sourceShape(schema)).filter((key) => !omitted.has(key)));
	return clone(schema, mergeDefs(currDef, {
		shape: newShape,
		checks: []
	}));
}
function extend(schema, shape) {
	if (!isPlainObject(shape)) throw new Error("Invalid input to extend: expected a plain object");
	const checks = schema._zod.def.checks;
	if (checks && checks.length > 0) {
		const existingShape = sourceShape(schema);
		for (const key of Reflect.ownKeys(shape)) if (Object.getOwnPropertyDescriptor(existingShape, key) !== void 0) throw new Error("Cannot overwrite keys on object schemas containing refinements. Use `.safeExtend()` instead.");
	}
	return clone(schema, mergeDefs(schema._zod.def, { shape: extended(schema, shape) }));
}
function extended(schema, shape) {
	const newShape = {};
	mirrorShape(newShape, schema, Reflect.ownKeys(sourceShape(schema)));
	mirrorProps(newShape, shape);
	return newShape;
}
function safeExtend(schema, shape) {
	if (!isPlainObject(shape)) throw new Error("Invalid input to safeExtend: expected a plain object");
	return clone(schema, mergeDefs(schema._zod.def, { shape: extended(schema, shape) }));
}
function merge(a, b) {
	if (!b?._zod?.def) throw new Error("Invalid input to merge: expected an object schema. To merge a plain shape, use `.extend()`.");
	if (a._zod.def.checks?.length) throw new Error(".merge() cannot be used on object schemas containing refinements. Use .safeExtend() instead.");
	const newShape = {};
	mirrorShape(newShape, a, Reflect.ownKeys(sourceShape(a)));
	mirrorShape(newShape, b, Reflect.ownKeys(sourceShape(b)));
	return clone(a, mergeDefs(a._zod.def, {
		shape: newShape,
		get catchall() {
			return b._zod.def.catchall;
		},
		checks: b._zod.def.checks ?? []
	}));
}
function partial(Class, schema, mask, name = "partial") {
	const checks = schema._zod.def.checks;
	if (checks && checks.length > 0) throw new Error(`.${name}() cannot be used on object schemas containing refinements`);
	const selected = mask ? new Set(maskedKeys(schema, mask)) : void 0;
	const newShape = {};
	mirrorShape(newShape, schema, Reflect.ownKeys(sourceShape(schema)), Class && ((value, key) => selected && !selected.has(key) ? value : new Class({
		type: "optional",
		innerType: value
	})));
	return clone(schema, mergeDefs(schema._zod.def, {
		shape: newShape,
		checks: []
	}));
}
function required(Class, schema, mask) {
	const selected = mask ? new Set(maskedKeys(schema, mask)) : void 0;
	const newShape = {};
	mirrorShape(newShape, schema, Reflect.ownKeys(sourceShape(schema)), (value, key) => selected && !selected.has(key) ? value : new Class({
		type: "nonoptional",
		innerType: value
	}));
	return clone(schema, mergeDefs(schema._zod.def, { shape: newShape }));
}
function aborted(x, startIndex = 0) {
	if (x.aborted === true) return true;
	for (let i = startIndex; i < x.issues.length; i++) if (x.issues[i]?.continue !== true) return true;
	return false;
}
function explicitlyAborted(x, startIndex = 0) {
	if (x.aborted === true) return true;
	for (let i = startIndex; i < x.issues.length; i++) if (x.issues[i]?.continue === false) return true;
	return false;
}
function prefixIssues(path, issues) {
	return issues.map((iss) => {
		var _a;
		(_a = iss).path ?? (_a.path = []);
		iss.path.unshift(path);
		return iss;
	});
}
function unwrapMessage(message) {
	return typeof message === "string" ? message : message?.message;
}
/** The leading size checks of `defChecks` that set an upper bound, each paired with it. */
function sizeCaps(defChecks) {
	const caps = [];
	for (const ch of defChecks ?? []) {
		const d = ch._zod.def;
		if (!/_(length|size)$|_equals$/.test(d.check)) break;
		const max = d.maximum ?? d.length ?? d.size;
		if (max >= 0) caps.push([max, ch]);
	}
	return caps;
}
function attachSchema(issues, start, inst) {
	var _a;
	for (let i = start; i < issues.length; i++) (_a = issues[i]).schema ?? (_a.schema = inst);
}
function finalizeIssue(iss, ctx, config) {
	var _a;
	const traits = iss.inst?._zod?.traits;
	if (traits?.has("$ZodType")) {
		if (traits.has("$ZodCheck")) (_a = iss).schema ?? (_a.schema = iss.inst);
		else iss.schema = iss.inst;
	}
	const schemaError = iss.schema !== iss.inst ? iss.schema?._zod.def?.error : void 0;
	const message = iss.message ? iss.message : unwrapMessage(iss.inst?._zod.def?.error?.(iss)) ?? unwrapMessage(schemaError?.(iss)) ?? unwrapMessage(ctx?.error?.(iss)) ?? unwrapMessage(config.customError?.(iss)) ?? unwrapMessage(config.localeError?.(iss)) ?? "Invalid input";
	const full = {};
	for (const k of Object.keys(iss)) {
		if (k === "inst" || k === "schema" || k === "continue" || k === "input" || k === "__proto__") continue;
		full[k] = iss[k];
	}
	full.path ?? (full.path = []);
	full.message = message;
	if (ctx?.reportInput) full.input = iss.input;
	return full;
}
const highSurrogate = /[\uD800-\uDBFF]/;
function codePointLength(str) {
	const units = str.length;
	if (!highSurrogate.test(str)) return units;
	let count = units;
	for (let i = 0; i < units - 1; i++) if ((str.charCodeAt(i) & 64512) === 55296 && (str.charCodeAt(i + 1) & 64512) === 56320) {
		count--;
		i++;
	}
	return count;
}
function getLengthableOrigin(input) {
	if (Array.isArray(input)) return "array";
	if (typeof input === "string") return "string";
	return "unknown";
}
function parsedType(data) {
	const t = typeof data;
	switch (t) {
		case "number": return Number.isNaN(data) ? "nan" : "number";
		case "object": {
			if (data === null) return "null";
			if (Array.isArray(data)) return "array";
			const obj = data;
			if (obj && Object.getPrototypeOf(obj) !== Object.prototype && "constructor" in obj && obj.constructor) return obj.constructor.name;
		}
	}
	return t;
}
function issue(...args) {
	const [iss, input, inst] = args;
	if (typeof iss === "string") return {
		message: iss,
		code: "custom",
		input,
		inst
	};
	return { ...iss };
}
/**
* Installs a trait's members on its prototype. Each value builds that member for the instance on first read; the built value shadows the accessor as an own property, so a detached `const { parse } = schema` keeps working.
*
* Call this from a `proto` initializer, which runs once per prototype — never per instance.
*/
function members(proto, table) {
	for (const key in table) {
		const desc = Object.getOwnPropertyDescriptor(table, key);
		if (desc.get) Object.defineProperty(proto, key, {
			...desc,
			enumerable: false
		});
		else defineBound(proto, key, desc.value);
	}
}
/** Shadows a prototype member with an own value, so a getter that builds from the instance runs once. */
function own(inst, key, value, enumerable = true) {
	Object.defineProperty(inst, key, {
		configurable: true,
		writable: true,
		enumerable,
		value
	});
	return value;
}
/** Like {@link own}, for a member that was never an own data property and has to stay out of `Object.keys`. */
function hide(inst, key, value) {
	return own(inst, key, value, false);
}
/** Adds members a table derives from the instance: each builds on first read and shadows as own data, and assignment shadows the same way, as when these were own properties. */
/* @__NO_SIDE_EFFECTS__ */
function derived(computes, table) {
	for (const key in computes) {
		const compute = computes[key];
		Object.defineProperty(table, key, {
			configurable: true,
			enumerable: true,
			get() {
				return own(this, key, compute(this));
			},
			set(value) {
				own(this, key, value);
			}
		});
	}
	return table;
}
function defineBound(proto, key, fn) {
	Object.defineProperty(proto, key, {
		configurable: true,
		get() {
			return this == null ? fn : own(this, key, fn.bind(this));
		},
		set(value) {
			own(this, key, value);
		}
	});
}
/** Returns the prototype to install on, or `undefined` if this group is already installed on it. */
function claim(inst, sentinel) {
	const proto = Object.getPrototypeOf(inst);
	return sentinel in proto ? void 0 : proto;
}
let installing;
let broke = false;
const breaker = {
	configurable: true,
	get() {
		broke = true;
	}
};
/**
* Installs a lazily-derived internal on the `_zod` prototype of `inst`'s
* constructor, computed from the internals object itself and cached there on
* first read. One accessor per constructor rather than one per instance.
*/
function defineLazyInternal(inst, key, compute) {
	const proto = Object.getPrototypeOf(inst._zod);
	if (key in proto && installing !== inst._zod) {
		installing = void 0;
		return;
	}
	installing = inst._zod;
	Object.defineProperty(proto, key, {
		configurable: true,
		get() {
			Object.defineProperty(this, key, breaker);
			const outer = broke;
			broke = false;
			try {
				const value = compute(this);
				if (broke) delete this[key];
				else Object.defineProperty(this, key, {
					configurable: true,
					writable: true,
					value
				});
				broke = broke || outer;
				return value;
			} catch (err) {
				delete this[key];
				broke = broke || outer;
				throw err;
			}
		},
		set(value) {
			Object.defineProperty(this, key, {
				configurable: true,
				writable: true,
				value
			});
		}
	});
}
/**
* Installs `key` on `inst`'s prototype, computed by `make` on first read and cached there as an own
* data property. One accessor per constructor rather than one per instance, because an own accessor
* puts every instance after the first into v8 dictionary mode. The key doubles as the sentinel.
*/
function installLazyProp(inst, key, make, enumerable) {
	const proto = claim(inst, key);
	if (!proto) return;
	Object.defineProperty(proto, key, {
		configurable: true,
		get() {
			const desc = {
				configurable: true,
				writable: true,
				enumerable,
				value: void 0
			};
			Object.defineProperty(this, key, desc);
			desc.value = make(this);
			Object.defineProperty(this, key, desc);
			return desc.value;
		},
		set(value) {
			Object.defineProperty(this, key, {
				configurable: true,
				writable: true,
				enumerable,
				value
			});
		}
	});
}
/** Marks the thunk `_catch` synthesises for a constant catch value. `Function.length` cannot tell that thunk from a user callback — rest and defaulted parameters both report arity 0 — and a user callback reads `ctx.error`, whose issues only finalize correctly against the caller's per-parse error map. Provenance can say what arity cannot. A plain string key rather than `Symbol.for`, whose call at module scope no bundler can prove pure — the same shape that anchored `urlCanParse` into every build. */
const CONSTANT_CATCH = "~constantCatch";
/** Wraps a constant catch value in a thunk tagged with {@link CONSTANT_CATCH}. */
function constantCatch(value) {
	const fn = () => value;
	fn[CONSTANT_CATCH] = true;
	return fn;
}
// ../../node_modules/.pnpm/zod@4.6.7/node_modules/zod/v4/core/core.js
var _a$1;
const _zodDesc = {
	value: void 0,
	enumerable: false
};
let _E = "captureStackTrace" in Error ? Error : null;
function newError(Definition) {
	const E = _E;
	if (E) {
		const saved = E.stackTraceLimit;
		if (typeof saved === "number") {
			try {
				E.stackTraceLimit = 0;
			} catch {
				_E = null;
				return new Definition();
			}
			try {
				return new Definition();
			} finally {
				E.stackTraceLimit = saved;
			}
		}
	}
	return new Definition();
}
/* @__NO_SIDE_EFFECTS__ */
function $constructor(name, initializer, proto, params) {
	const zodProto = {};
	function Internals(def) {
		this.def = def;
		this.constr = _;
		this.traits = /* @__PURE__ */ new Set();
	}
	Internals.prototype = zodProto;
	const protoMembers = proto;
	const initialized = protoMembers && /* @__PURE__ */ new WeakSet();
	function init(inst, def) {
		if (!inst._zod) {
			_zodDesc.value = new Internals(def);
			try {
				Object.defineProperty(inst, "_zod", _zodDesc);
			} finally {
				_zodDesc.value = void 0;
			}
		} else if (inst._zod.traits.has(name)) return;
		inst._zod.traits.add(name);
		initializer(inst, def);
		if (initialized) {
			const own = Object.getPrototypeOf(inst);
			const ctorProto = inst._zod.constr.prototype;
			let up = own;
			while (up && up !== ctorProto) up = Object.getPrototypeOf(up);
			const target = up ?? own;
			if (!initialized.has(target)) {
				initialized.add(target);
				members(target, protoMembers);
			}
		}
		const proto = _.prototype;
		for (const k in proto) {
			if (!Object.prototype.hasOwnProperty.call(proto, k)) continue;
			if (!(k in inst)) inst[k] = proto[k].bind(inst);
		}
	}
	const Parent = params?.Parent ?? Object;
	class Definition extends Parent {}
	Object.defineProperty(Definition, "name", { value: name });
	function _(def) {
		const inst = params?.Parent ? newError(Definition) : this;
		init(inst, def);
		const deferred = inst._zod.deferred;
		if (deferred) {
			for (const fn of deferred) fn();
			inst._zod.deferred = void 0;
		}
		const pp = globalThis.__zod_globalConfig?.postProcessor;
		if (pp) pp(inst);
		return inst;
	}
	Object.defineProperty(_, "init", { value: init });
	Object.defineProperty(_, Symbol.hasInstance, { value: (inst) => {
		if (params?.Parent && inst instanceof params.Parent) return true;
		return inst?._zod?.traits?.has(name);
	} });
	Object.defineProperty(_, "name", { value: name });
	return _;
}
var $ZodAsyncError = class extends Error {
	constructor() {
		super(`Encountered Promise during synchronous parse. Use .parseAsync() instead.`);
	}
};
var $ZodEncodeError = class extends Error {
	constructor(name) {
		super(`Encountered unidirectional transform during encode: ${name}`);
		this.name = "ZodEncodeError";
	}
};
(_a$1 = globalThis).__zod_globalConfig ?? (_a$1.__zod_globalConfig = {});
const globalConfig = globalThis.__zod_globalConfig;
function config(newConfig) {
	if (newConfig) Object.assign(globalConfig, newConfig);
	return globalConfig;
}
// ../../node_modules/.pnpm/zod@4.6.7/node_modules/zod/v4/core/errors.js
function _getMessage() {
	const internals = this._zod;
	internals.message ?? (internals.message = JSON.stringify(internals.def, jsonStringifyReplacer, 2));
	return internals.message;
}
function _setMessage(value) {
	this._zod.message = value;
}
const _messageDesc = {
	get: _getMessage,
	set: _setMessage,
	enumerable: true,
	configurable: true
};
const _issuesDesc = {
	value: void 0,
	enumerable: false
};
const _installedToString = /* @__PURE__ */ new WeakSet([Object.prototype, Error.prototype]);
const initializer$1 = (inst, def) => {
	inst.name = "$ZodError";
	_issuesDesc.value = def;
	Object.defineProperty(inst, "issues", _issuesDesc);
	_issuesDesc.value = void 0;
	Object.defineProperty(inst, "message", _messageDesc);
	const proto = Object.getPrototypeOf(inst);
	if (!_installedToString.has(proto)) {
		_installedToString.add(proto);
		Object.defineProperty(proto, "toString", {
			configurable: true,
			enumerable: false,
			get() {
				const value = () => this.message;
				Object.defineProperty(this, "toString", {
					value,
					configurable: true,
					writable: true
				});
				return value;
			},
			set(value) {
				Object.defineProperty(this, "toString", {
					value,
					configurable: true,
					writable: true
				});
			}
		});
	}
};
const $ZodError = /* @__PURE__ */ $constructor("$ZodError", initializer$1);
/** Get-or-create `obj[key]` as an own data property. A path segment naming an inherited member
* ("toString", "constructor") would otherwise read through to the prototype, and assigning
* "__proto__" would hit the setter instead of creating a key. */
function node(obj, key, make) {
	if (!Object.prototype.hasOwnProperty.call(obj, key)) {
		if (key === "__proto__") Object.defineProperty(obj, key, {
			value: make(),
			writable: true,
			enumerable: true,
			configurable: true
		});
		else obj[key] = make();
	}
	return obj[key];
}
function flattenError(error, mapper = (issue) => issue.message) {
	const fieldErrors = {};
	const formErrors = [];
	for (const sub of error.issues) if (sub.path.length > 0) node(fieldErrors, sub.path[0], () => []).push(mapper(sub));
	else formErrors.push(mapper(sub));
	return {
		formErrors,
		fieldErrors
	};
}
function formatError(error, mapper = (issue) => issue.message) {
	const fieldErrors = { _errors: [] };
	const processError = (error, path = []) => {
		for (const issue of error.issues) if (issue.code === "invalid_union" && issue.errors.length) issue.errors.map((issues) => processError({ issues }, [...path, ...issue.path]));
		else if (issue.code === "invalid_key") processError({ issues: issue.issues }, [...path, ...issue.path]);
		else if (issue.code === "invalid_element") processError({ issues: issue.issues }, [...path, ...issue.path]);
		else {
			const fullpath = [...path, ...issue.path];
			if (fullpath.length === 0) fieldErrors._errors.push(mapper(issue));
			else {
				let curr = fieldErrors;
				let i = 0;
				while (i < fullpath.length) {
					const el = fullpath[i];
					const terminal = i === fullpath.length - 1;
					if (el === "_errors") {
						if (terminal) curr._errors.push(mapper(issue));
						i++;
						continue;
					}
					if (!Object.prototype.hasOwnProperty.call(curr, el)) Object.defineProperty(curr, el, {
						value: { _errors: [] },
						enumerable: true,
						writable: true,
						configurable: true
					});
					const node = curr[el];
					if (terminal) node._errors.push(mapper(issue));
					curr = node;
					i++;
				}
			}
		}
	};
	processError(error);
	return fieldErrors;
}
// ../../node_modules/.pnpm/zod@4.6.7/node_modules/zod/v4/core/parse.js
function finalizeParams(callee, params) {
	return {
		callee: params?.callee ?? callee,
		Err: params?.Err
	};
}
const _parse = (_Err) => {
	const fn = (schema, value, _ctx, _params) => {
		const ctx = _ctx ? {
			..._ctx,
			async: false
		} : { async: false };
		const result = schema._zod.run({
			value,
			issues: []
		}, ctx);
		if (result instanceof Promise) throw new $ZodAsyncError();
		if (result.issues.length) {
			const e = new ((_params?.Err) ?? _Err)(result.issues.map((iss) => finalizeIssue(iss, ctx, config())));
			captureStackTrace(e, _params?.callee ?? fn);
			throw e;
		}
		return result.value;
	};
	return fn;
};
const _parseAsync = (_Err) => {
	const fn = async (schema, value, _ctx, params) => {
		const ctx = _ctx ? {
			..._ctx,
			async: true
		} : { async: true };
		let result = schema._zod.run({
			value,
			issues: []
		}, ctx);
		if (result instanceof Promise) result = await result;
		if (result.issues.length) {
			const e = new ((params?.Err) ?? _Err)(result.issues.map((iss) => finalizeIssue(iss, ctx, config())));
			captureStackTrace(e, params?.callee ?? fn);
			throw e;
		}
		return result.value;
	};
	return fn;
};
const _safeParse = (_Err) => (schema, value, _ctx) => {
	const ctx = _ctx ? {
		..._ctx,
		async: false
	} : { async: false };
	const result = schema._zod.run({
		value,
		issues: []
	}, ctx);
	if (result instanceof Promise) throw new $ZodAsyncError();
	return result.issues.length ? failure(_Err, result.issues, ctx) : {
		success: true,
		data: result.value
	};
};
function failure(Err, issues, ctx) {
	let error;
	return {
		success: false,
		get error() {
			if (!error) {
				error = new Err(issues.map((iss) => finalizeIssue(iss, ctx, config())));
				issues = void 0;
				ctx = void 0;
			}
			return error;
		},
		set error(e) {
			error = e;
			issues = void 0;
			ctx = void 0;
		}
	};
}
const _safeParseAsync = (_Err) => async (schema, value, _ctx) => {
	const ctx = _ctx ? {
		..._ctx,
		async: true
	} : { async: true };
	let result = schema._zod.run({
		value,
		issues: []
	}, ctx);
	if (result instanceof Promise) result = await result;
	return result.issues.length ? failure(_Err, result.issues, ctx) : {
		success: true,
		data: result.value
	};
};
const COMPILE_INVALID = /* @__PURE__ */ Symbol.for("zod.compile.invalid");
const COMPILE_FALLBACK = /* @__PURE__ */ Symbol.for("zod.compile.fallback");
const validate = ((schema, value, _ctx) => {
	const validator = schema._zod.bag.validator;
	if (validator !== void 0) {
		if (validator(value) !== COMPILE_INVALID) return true;
		if (validator.definite === true && _ctx === void 0) return false;
	}
	return validateFallback(schema, value, _ctx);
});
function validateFallback(schema, value, _ctx) {
	const ctx = _ctx ? {
		..._ctx,
		async: false,
		abortEarly: true
	} : {
		async: false,
		abortEarly: true
	};
	const fallbackRun = schema._zod.bag.fallbackRun;
	let result;
	if (fallbackRun) {
		ctx[COMPILE_FALLBACK] = true;
		result = fallbackRun({
			value,
			issues: []
		}, ctx);
	} else result = schema._zod.run({
		value,
		issues: []
	}, ctx);
	if (result instanceof Promise) throw new $ZodAsyncError();
	return result.issues.length === 0;
}
const validateAsync$1 = async (schema, value, _ctx) => {
	const ctx = _ctx ? {
		..._ctx,
		async: true,
		abortEarly: true
	} : {
		async: true,
		abortEarly: true
	};
	let result = schema._zod.run({
		value,
		issues: []
	}, ctx);
	if (result instanceof Promise) result = await result;
	return result.issues.length === 0;
};
const _encode = (_Err) => {
	const parse = _parse(_Err);
	const fn = (schema, value, _ctx, _params) => {
		const ctx = _ctx ? {
			..._ctx,
			direction: "backward"
		} : { direction: "backward" };
		return parse(schema, value, ctx, finalizeParams(fn, _params));
	};
	return fn;
};
const _decode = (_Err) => {
	const parse = _parse(_Err);
	const fn = (schema, value, _ctx, _params) => {
		return parse(schema, value, _ctx, finalizeParams(fn, _params));
	};
	return fn;
};
const _encodeAsync = (_Err) => {
	const parseAsync = _parseAsync(_Err);
	const fn = async (schema, value, _ctx, _params) => {
		const ctx = _ctx ? {
			..._ctx,
			direction: "backward"
		} : { direction: "backward" };
		return await parseAsync(schema, value, ctx, finalizeParams(fn, _params));
	};
	return fn;
};
const _decodeAsync = (_Err) => {
	const parseAsync = _parseAsync(_Err);
	const fn = async (schema, value, _ctx, _params) => {
		return await parseAsync(schema, value, _ctx, finalizeParams(fn, _params));
	};
	return fn;
};
const _safeEncode = (_Err) => (schema, value, _ctx) => {
	const ctx = _ctx ? {
		..._ctx,
		direction: "backward"
	} : { direction: "backward" };
	return _safeParse(_Err)(schema, value, ctx);
};
const _safeDecode = (_Err) => (schema, value, _ctx) => {
	return _safeParse(_Err)(schema, value, _ctx);
};
const _safeEncodeAsync = (_Err) => async (schema, value, _ctx) => {
	const ctx = _ctx ? {
		..._ctx,
		direction: "backward"
	} : { direction: "backward" };
	return _safeParseAsync(_Err)(schema, value, ctx);
};
const _safeDecodeAsync = (_Err) => async (schema, value, _ctx) => {
	return _safeParseAsync(_Err)(schema, value, _ctx);
};
// ../../node_modules/.pnpm/zod@4.6.7/node_modules/zod/v4/core/regexes.js
/**
* @deprecated CUID v1 is deprecated by its authors due to information leakage
* (timestamps embedded in the id). Use {@link cuid2} instead.
* See https://github.com/paralleldrive/cuid.
*/
const cuid = /^[cC][0-9a-z]{6,}$/;
const cuid2 = /^[0-9a-z]+$/;
const ulid = /^[0-7][0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{25}$/;
const xid = /^[0-9a-vA-V]{20}$/;
const ksuid = /^[A-Za-z0-9]{27}$/;
const nanoid = /^[a-zA-Z0-9_-]{21}$/;
function nanoidOfLength(length) {
	return new RegExp(`^[a-zA-Z0-9_-]{${length}}$`);
}
/** ISO 8601-1 duration regex. Does not support the 8601-2 extensions like negative durations or fractional/negative components. */
const duration = /^P(?:(\d+W)|(?!.*W)(?=\d|T\d)(\d+Y)?(\d+M)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+([.,]\d+)?S)?)?)$/;
/** A regex for any UUID-like identifier: 8-4-4-4-12 hex pattern */
const guid = /^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})$/;
/** Returns a regex for validating an RFC 9562/4122 UUID.
*
* @param version Optionally specify a version 1-8. If no version is specified, all versions are supported. */
const uuid$1 = (version) => {
	if (!version) return /^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-8][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}|00000000-0000-0000-0000-000000000000|ffffffff-ffff-ffff-ffff-ffffffffffff)$/;
	return new RegExp(`^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-${version}[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12})$`);
};
/** Practical email validation */
const email = /^(?:[A-Za-z0-9_'+\-]+\.)*[A-Za-z0-9_'+\-]*[A-Za-z0-9_+-]@(?:[A-Za-z0-9][A-Za-z0-9\-]*\.)+[A-Za-z]{2,}$/;
const _emoji$1 = `^(?=[\\s\\S]*[\\p{Extended_Pictographic}\\p{Regional_Indicator}\\u20E3])[\\p{Extended_Pictographic}\\p{Emoji_Component}]+$`;
function emoji() {
	return new RegExp(_emoji$1, "u");
}
const ipv4 = /^(?:(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9][0-9]|[0-9])\.){3}(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9][0-9]|[0-9])$/;
const ipv6 = /^(([0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}|([0-9a-fA-F]{1,4}:){1,7}:|([0-9a-fA-F]{1,4}:){1,6}:[0-9a-fA-F]{1,4}|([0-9a-fA-F]{1,4}:){1,5}(:[0-9a-fA-F]{1,4}){1,2}|([0-9a-fA-F]{1,4}:){1,4}(:[0-9a-fA-F]{1,4}){1,3}|([0-9a-fA-F]{1,4}:){1,3}(:[0-9a-fA-F]{1,4}){1,4}|([0-9a-fA-F]{1,4}:){1,2}(:[0-9a-fA-F]{1,4}){1,5}|[0-9a-fA-F]{1,4}:((:[0-9a-fA-F]{1,4}){1,6})|:((:[0-9a-fA-F]{1,4}){1,7}|:))$/;
const cidrv4 = /^((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9][0-9]|[0-9])\.){3}(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9][0-9]|[0-9])\/([0-9]|[1-2][0-9]|3[0-2])$/;
const cidrv6 = /^(([0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}|([0-9a-fA-F]{1,4}:){1,7}:|([0-9a-fA-F]{1,4}:){1,6}:[0-9a-fA-F]{1,4}|([0-9a-fA-F]{1,4}:){1,5}(:[0-9a-fA-F]{1,4}){1,2}|([0-9a-fA-F]{1,4}:){1,4}(:[0-9a-fA-F]{1,4}){1,3}|([0-9a-fA-F]{1,4}:){1,3}(:[0-9a-fA-F]{1,4}){1,4}|([0-9a-fA-F]{1,4}:){1,2}(:[0-9a-fA-F]{1,4}){1,5}|[0-9a-fA-F]{1,4}:((:[0-9a-fA-F]{1,4}){1,6})|:((:[0-9a-fA-F]{1,4}){1,7}|:))\/(12[0-8]|1[01][0-9]|[1-9]?[0-9])$/;
const base64 = /^$|^(?:[0-9a-zA-Z+/]{4})*(?:(?:[0-9a-zA-Z+/]{2}==)|(?:[0-9a-zA-Z+/]{3}=))?$/;
const base64url = /^(?:[A-Za-z0-9_-]{4})*(?:[A-Za-z0-9_-]{2,3})?$/;
const httpProtocol = /^https?$/;
const e164 = /^\+[1-9]\d{6,14}$/;
const dateSource = `(?:(?:\\d\\d[2468][048]|\\d\\d[13579][26]|\\d\\d0[48]|[02468][048]00|[13579][26]00)-02-29|\\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|(?:02)-(?:0[1-9]|1\\d|2[0-8])))`;
/** Anchors a pattern source. The interpolation lives here rather than at the call site because
* esbuild will not drop a `@__PURE__` call whose own argument interpolates a variable, but it
* will drop `anchor(dateSource)`. Keeping it inline pinned `date` into every bundle. */
function anchor(source) {
	return new RegExp(`^${source}$`);
}
const date = /*@__PURE__*/ anchor(dateSource);
function timeSource(args) {
	const hhmm = `(?:[01]\\d|2[0-3]):[0-5]\\d`;
	return typeof args.precision === "number" ? args.precision === -1 ? `${hhmm}` : args.precision === 0 ? `${hhmm}:[0-5]\\d` : `${hhmm}:[0-5]\\d\\.\\d{${args.precision}}` : args.seconds ? `${hhmm}:[0-5]\\d(?:\\.\\d+)?` : `${hhmm}(?::[0-5]\\d(?:\\.\\d+)?)?`;
}
function time(args) {
	return new RegExp(`^${timeSource(args)}$`);
}
function datetime(args) {
	const opts = ["Z"];
	if (args.offset) opts.push(`([+-](?:[01]\\d|2[0-3]):[0-5]\\d)`);
	const qualified = `${timeSource({
		precision: args.precision,
		seconds: true
	})}(?:${opts.join("|")})`;
	const timeRegex = args.local ? `${qualified}|${timeSource({ precision: args.precision })}` : qualified;
	return new RegExp(`^${dateSource}T(?:${timeRegex})$`);
}
const anyString = /^[\s\S]{0,}$/;
const number$1 = /^-?\d+(?:\.\d+)?$/;
const boolean$1 = /^(?:true|false)$/i;
const lowercase = /^[^A-Z]*$/;
const uppercase = /^[^a-z]*$/;
// ../../node_modules/.pnpm/zod@4.6.7/node_modules/zod/v4/core/checks.js
const $ZodCheck = /*@__PURE__*/ $constructor("$ZodCheck", (inst, def) => {
	var _a;
	inst._zod ?? (inst._zod = {});
	inst._zod.def = def;
	(_a = inst._zod).onattach ?? (_a.onattach = []);
});
/** Default `when` for length-based checks: run only on non-nullish values with a `length`. */
const _whenHasLength = (payload) => {
	const val = payload.value;
	return !nullish(val) && val.length !== void 0;
};
const numericOriginMap = {
	number: "number",
	bigint: "bigint",
	object: "date"
};
const $ZodCheckLessThan = /*@__PURE__*/ $constructor("$ZodCheckLessThan", (inst, def) => {
	$ZodCheck.init(inst, def);
	const origin = numericOriginMap[typeof def.value];
	inst._zod.check = (payload) => {
		if (def.inclusive ? payload.value <= def.value : payload.value < def.value) return;
		payload.issues.push({
			origin: numericOriginMap[typeof payload.value] ?? origin,
			code: "too_big",
			maximum: typeof def.value === "object" ? def.value.getTime() : def.value,
			input: payload.value,
			inclusive: def.inclusive,
			inst,
			continue: !def.abort
		});
	};
});
const $ZodCheckGreaterThan = /*@__PURE__*/ $constructor("$ZodCheckGreaterThan", (inst, def) => {
	$ZodCheck.init(inst, def);
	const origin = numericOriginMap[typeof def.value];
	inst._zod.check = (payload) => {
		if (def.inclusive ? payload.value >= def.value : payload.value > def.value) return;
		payload.issues.push({
			origin: numericOriginMap[typeof payload.value] ?? origin,
			code: "too_small",
			minimum: typeof def.value === "object" ? def.value.getTime() : def.value,
			input: payload.value,
			inclusive: def.inclusive,
			inst,
			continue: !def.abort
		});
	};
});
const $ZodCheckMultipleOf = /*@__PURE__*/ $constructor("$ZodCheckMultipleOf", (inst, def) => {
	$ZodCheck.init(inst, def);
	inst._zod.check = (payload) => {
		if (typeof payload.value !== typeof def.value) throw new Error("Cannot mix number and bigint in multiple_of check.");
		if (typeof payload.value === "bigint" ? def.value !== BigInt(0) && payload.value % def.value === BigInt(0) : floatSafeRemainder(payload.value, def.value) === 0) return;
		payload.issues.push({
			origin: typeof payload.value,
			code: "not_multiple_of",
			divisor: def.value,
			input: payload.value,
			inst,
			continue: !def.abort
		});
	};
});
const $ZodCheckNumberFormat = /*@__PURE__*/ $constructor("$ZodCheckNumberFormat", (inst, def) => {
	$ZodCheck.init(inst, def);
	def.format = def.format || "float64";
	const isInt = def.format?.includes("int");
	const origin = isInt ? "int" : "number";
	const [minimum, maximum] = NUMBER_FORMAT_RANGES[def.format];
	inst._zod.check = (payload) => {
		const input = payload.value;
		if (isInt) {
			if (!Number.isInteger(input)) {
				payload.issues.push({
					expected: origin,
					format: def.format,
					code: "invalid_type",
					continue: false,
					input,
					inst
				});
				return;
			}
			if (!Number.isSafeInteger(input)) {
				if (input > 0) payload.issues.push({
					input,
					code: "too_big",
					maximum: Number.MAX_SAFE_INTEGER,
					note: "Integers must be within the safe integer range.",
					inst,
					origin,
					inclusive: true,
					continue: !def.abort
				});
				else payload.issues.push({
					input,
					code: "too_small",
					minimum: Number.MIN_SAFE_INTEGER,
					note: "Integers must be within the safe integer range.",
					inst,
					origin,
					inclusive: true,
					continue: !def.abort
				});
				return;
			}
		}
		if (input < minimum) payload.issues.push({
			origin: "number",
			input,
			code: "too_small",
			minimum,
			inclusive: true,
			inst,
			continue: !def.abort
		});
		if (input > maximum) payload.issues.push({
			origin: "number",
			input,
			code: "too_big",
			maximum,
			inclusive: true,
			inst,
			continue: !def.abort
		});
	};
});
const $ZodCheckMaxLength = /*@__PURE__*/ $constructor("$ZodCheckMaxLength", (inst, def) => {
	var _a;
	$ZodCheck.init(inst, def);
	(_a = inst._zod.def).when ?? (_a.when = _whenHasLength);
	inst._zod.check = (payload) => {
		const input = payload.value;
		const units = input.length;
		if ((typeof input === "string" && units > def.maximum ? codePointLength(input) : units) <= def.maximum) return;
		const origin = getLengthableOrigin(input);
		payload.issues.push({
			origin,
			code: "too_big",
			maximum: def.maximum,
			inclusive: true,
			input,
			inst,
			continue: !def.abort
		});
	};
});
const $ZodCheckMinLength = /*@__PURE__*/ $constructor("$ZodCheckMinLength", (inst, def) => {
	var _a;
	$ZodCheck.init(inst, def);
	(_a = inst._zod.def).when ?? (_a.when = _whenHasLength);
	inst._zod.check = (payload) => {
		const input = payload.value;
		const units = input.length;
		if ((typeof input === "string" && units >= def.minimum && units < def.minimum * 2 ? codePointLength(input) : units) >= def.minimum) return;
		const origin = getLengthableOrigin(input);
		payload.issues.push({
			origin,
			code: "too_small",
			minimum: def.minimum,
			inclusive: true,
			input,
			inst,
			continue: !def.abort
		});
	};
});
const $ZodCheckLengthEquals = /*@__PURE__*/ $constructor("$ZodCheckLengthEquals", (inst, def) => {
	var _a;
	$ZodCheck.init(inst, def);
	(_a = inst._zod.def).when ?? (_a.when = _whenHasLength);
	inst._zod.check = (payload) => {
		const input = payload.value;
		const units = input.length;
		const length = typeof input === "string" && units >= def.length && units <= def.length * 2 ? codePointLength(input) : units;
		if (length === def.length) return;
		const origin = getLengthableOrigin(input);
		const tooBig = length > def.length;
		payload.issues.push({
			origin,
			...tooBig ? {
				code: "too_big",
				maximum: def.length
			} : {
				code: "too_small",
				minimum: def.length
			},
			inclusive: true,
			exact: true,
			input: payload.value,
			inst,
			continue: !def.abort
		});
	};
});
const $ZodCheckStringFormat = /*@__PURE__*/ $constructor("$ZodCheckStringFormat", (inst, def) => {
	var _a, _b;
	$ZodCheck.init(inst, def);
	if (def.pattern) (_a = inst._zod).check ?? (_a.check = (payload) => {
		def.pattern.lastIndex = 0;
		if (def.pattern.test(payload.value)) return;
		payload.issues.push({
			origin: "string",
			code: "invalid_format",
			format: def.format,
			input: payload.value,
			...def.pattern ? { pattern: def.pattern.toString() } : {},
			inst,
			continue: !def.abort
		});
	});
	else (_b = inst._zod).check ?? (_b.check = () => {});
});
const $ZodCheckRegex = /*@__PURE__*/ $constructor("$ZodCheckRegex", (inst, def) => {
	$ZodCheckStringFormat.init(inst, def);
	inst._zod.check = (payload) => {
		def.pattern.lastIndex = 0;
		if (def.pattern.test(payload.value)) return;
		payload.issues.push({
			origin: "string",
			code: "invalid_format",
			format: "regex",
			input: payload.value,
			pattern: def.pattern.toString(),
			inst,
			continue: !def.abort
		});
	};
});
const $ZodCheckLowerCase = /*@__PURE__*/ $constructor("$ZodCheckLowerCase", (inst, def) => {
	def.pattern ?? (def.pattern = lowercase);
	$ZodCheckStringFormat.init(inst, def);
});
const $ZodCheckUpperCase = /*@__PURE__*/ $constructor("$ZodCheckUpperCase", (inst, def) => {
	def.pattern ?? (def.pattern = uppercase);
	$ZodCheckStringFormat.init(inst, def);
});
const $ZodCheckIncludes = /*@__PURE__*/ $constructor("$ZodCheckIncludes", (inst, def) => {
	$ZodCheck.init(inst, def);
	const escapedRegex = escapeRegex(def.includes);
	def.pattern = new RegExp(typeof def.position === "number" ? `^.{${def.position},}${escapedRegex}` : escapedRegex);
	inst._zod.check = (payload) => {
		if (payload.value.includes(def.includes, def.position)) return;
		payload.issues.push({
			origin: "string",
			code: "invalid_format",
			format: "includes",
			includes: def.includes,
			input: payload.value,
			inst,
			continue: !def.abort
		});
	};
});
const $ZodCheckStartsWith = /*@__PURE__*/ $constructor("$ZodCheckStartsWith", (inst, def) => {
	$ZodCheck.init(inst, def);
	const pattern = new RegExp(`^${escapeRegex(def.prefix)}.*`);
	def.pattern ?? (def.pattern = pattern);
	inst._zod.check = (payload) => {
		if (payload.value.startsWith(def.prefix)) return;
		payload.issues.push({
			origin: "string",
			code: "invalid_format",
			format: "starts_with",
			prefix: def.prefix,
			input: payload.value,
			inst,
			continue: !def.abort
		});
	};
});
const $ZodCheckEndsWith = /*@__PURE__*/ $constructor("$ZodCheckEndsWith", (inst, def) => {
	$ZodCheck.init(inst, def);
	const pattern = new RegExp(`.*${escapeRegex(def.suffix)}$`);
	def.pattern ?? (def.pattern = pattern);
	inst._zod.check = (payload) => {
		if (payload.value.endsWith(def.suffix)) return;
		payload.issues.push({
			origin: "string",
			code: "invalid_format",
			format: "ends_with",
			suffix: def.suffix,
			input: payload.value,
			inst,
			continue: !def.abort
		});
	};
});
const $ZodCheckOverwrite = /*@__PURE__*/ $constructor("$ZodCheckOverwrite", (inst, def) => {
	$ZodCheck.init(inst, def);
	inst._zod.check = (payload) => {
		payload.value = def.tx(payload.value);
	};
});
// ../../node_modules/.pnpm/zod@4.6.7/node_modules/zod/v4/core/doc.js
var Doc = class {
	constructor(args = [], closed = {}) {
		this.content = [];
		this.indent = 0;
		this.args = args;
		this.closed = closed;
	}
	indented(fn) {
		this.indent += 1;
		try {
			fn(this);
		} finally {
			this.indent -= 1;
		}
	}
	write(arg) {
		if (typeof arg === "function") {
			arg(this, { execution: "sync" });
			arg(this, { execution: "async" });
			return;
		}
		const lines = arg.split("\n").filter((x) => x);
		const minIndent = Math.min(...lines.map((x) => x.length - x.trimStart().length));
		const dedented = lines.map((x) => x.slice(minIndent)).map((x) => " ".repeat(this.indent * 2) + x);
		for (const line of dedented) this.content.push(line);
	}
	compile() {
		const F = Function;
		const content = this?.content ?? [``];
		return new F(...Object.keys(this.closed), `return function (${this.args.join(", ")}) {\n${content.join("\n")}\n};`)(...Object.values(this.closed));
	}
};
// ../../node_modules/.pnpm/zod@4.6.7/node_modules/zod/v4/core/versions.js
const version = {
	major: 4,
	minor: 6,
	patch: 7
};
// ../../node_modules/.pnpm/zod@4.6.7/node_modules/zod/v4/core/schemas.js
const $ZodType = /*@__PURE__*/ $constructor("$ZodType", (inst, def) => {
	var _a;
	inst ?? (inst = {});
	inst._zod.def = def;
	inst._zod.bag = inst._zod.bag || {};
	inst._zod.version = version;
	const defChecks = inst._zod.def.checks;
	const checks = inst._zod.traits.has("$ZodCheck") ? [inst, ...defChecks ?? []] : defChecks?.length ? [...defChecks] : [];
	for (const ch of checks) for (const fn of ch._zod.onattach) fn(inst);
	if (checks.length === 0) {
		(_a = inst._zod).deferred ?? (_a.deferred = []);
		inst._zod.deferred?.push(() => {
			inst._zod.run = inst._zod.parse;
		});
	} else {
		const runChecks = (payload, checks, ctx) => {
			if (payload.memo) return payload;
			let isAborted = aborted(payload);
			let asyncResult;
			for (const ch of checks) {
				if (ch._zod.def.when) {
					if (explicitlyAborted(payload)) continue;
					if (!ch._zod.def.when(payload)) continue;
				} else if (isAborted) continue;
				const currLen = payload.issues.length;
				const _ = ch._zod.check(payload);
				if (_ instanceof Promise && ctx?.async === false) throw new $ZodAsyncError();
				if (asyncResult || _ instanceof Promise) asyncResult = (asyncResult ?? Promise.resolve()).then(async () => {
					await _;
					if (payload.issues.length === currLen) return;
					attachSchema(payload.issues, currLen, inst);
					if (!isAborted) isAborted = aborted(payload, currLen);
				});
				else {
					if (payload.issues.length === currLen) continue;
					attachSchema(payload.issues, currLen, inst);
					if (!isAborted) isAborted = aborted(payload, currLen);
				}
			}
			if (asyncResult) return asyncResult.then(() => {
				return payload;
			});
			return payload;
		};
		const handleCanaryResult = (canary, payload, ctx) => {
			if (aborted(canary)) {
				canary.aborted = true;
				return canary;
			}
			const checkResult = runChecks(payload, checks, ctx);
			if (checkResult instanceof Promise) {
				if (ctx.async === false) throw new $ZodAsyncError();
				return checkResult.then((checkResult) => inst._zod.parse(checkResult, ctx));
			}
			return inst._zod.parse(checkResult, ctx);
		};
		inst._zod.run = (payload, ctx) => {
			if (ctx.skipChecks) return inst._zod.parse(payload, ctx);
			if (ctx.direction === "backward") {
				const canary = inst._zod.parse({
					value: payload.value,
					issues: []
				}, {
					...ctx,
					skipChecks: true
				});
				if (canary instanceof Promise) return canary.then((canary) => {
					return handleCanaryResult(canary, payload, ctx);
				});
				return handleCanaryResult(canary, payload, ctx);
			}
			const result = inst._zod.parse(payload, ctx);
			if (result instanceof Promise) {
				if (ctx.async === false) throw new $ZodAsyncError();
				return result.then((result) => runChecks(result, checks, ctx));
			}
			return runChecks(result, checks, ctx);
		};
	}
}, {
	get "~standard"() {
		return hide(this, "~standard", standardProps(this));
	},
	set "~standard"(value) {
		own(this, "~standard", value);
	}
});
/** The Standard Schema surface for `inst`. Shared so wrappers can extend it without forcing it. */
const toStandardResult = (r, ctx) => r.issues.length ? { issues: r.issues.map((iss) => finalizeIssue(iss, ctx, config())) } : { value: r.value };
async function validateAsync(inst, value) {
	const ctx = { async: true };
	return toStandardResult(await inst._zod.run({
		value,
		issues: []
	}, ctx), ctx);
}
function standardProps(inst) {
	return {
		validate: (value) => {
			const ctx = { async: false };
			try {
				const r = inst._zod.run({
					value,
					issues: []
				}, ctx);
				if (!(r instanceof Promise)) return toStandardResult(r, ctx);
			} catch (_) {}
			return validateAsync(inst, value);
		},
		vendor: "zod",
		version: 1
	};
}
const $ZodString = /*@__PURE__*/ $constructor("$ZodString", (inst, def) => {
	$ZodType.init(inst, def);
	inst._zod.pattern = def.pattern ?? anyString;
	inst._zod.parse = (payload, _) => {
		if (def.coerce) try {
			payload.value = String(payload.value);
		} catch (_) {}
		if (typeof payload.value === "string") return payload;
		payload.issues.push({
			expected: "string",
			code: "invalid_type",
			input: payload.value,
			inst
		});
		return payload;
	};
});
const $ZodStringFormat = /*@__PURE__*/ $constructor("$ZodStringFormat", (inst, def) => {
	$ZodCheckStringFormat.init(inst, def);
	$ZodString.init(inst, def);
});
const $ZodGUID = /*@__PURE__*/ $constructor("$ZodGUID", (inst, def) => {
	def.pattern ?? (def.pattern = guid);
	$ZodStringFormat.init(inst, def);
});
const $ZodUUID = /*@__PURE__*/ $constructor("$ZodUUID", (inst, def) => {
	if (def.version) {
		const v = {
			v1: 1,
			v2: 2,
			v3: 3,
			v4: 4,
			v5: 5,
			v6: 6,
			v7: 7,
			v8: 8
		}[def.version];
		if (v === void 0) throw new Error(`Invalid UUID version: "${def.version}"`);
		def.pattern ?? (def.pattern = uuid$1(v));
	} else def.pattern ?? (def.pattern = uuid$1());
	$ZodStringFormat.init(inst, def);
});
const $ZodEmail = /*@__PURE__*/ $constructor("$ZodEmail", (inst, def) => {
	def.pattern ?? (def.pattern = email);
	$ZodStringFormat.init(inst, def);
});
function canParseURL(input) {
	try {
		if (typeof URL !== "undefined" && typeof URL.canParse === "function") return URL.canParse(input);
		new URL(input);
		return true;
	} catch {
		return false;
	}
}
function validateURL(trimmed, def) {
	if (!("normalize" in def) && !("hostname" in def) && !("protocol" in def)) return canParseURL(trimmed) || 2;
	return parseURLObject(trimmed, def);
}
/** Parses a URL while preserving the non-normalizing HTTP guard. */
function parseURLObject(trimmed, def) {
	if (!def.normalize && def.protocol?.source === httpProtocol.source && !/^https?:\/\//i.test(trimmed)) return 1;
	try {
		if (typeof URL !== "undefined") {
			const URLStatic = URL;
			if (typeof URLStatic.parse === "function") return URLStatic.parse(trimmed) ?? 2;
		}
		return new URL(trimmed);
	} catch {
		return 2;
	}
}
const asciiTabOrNewline = /[\t\n\r]/g;
/** The URL parser deletes every ASCII tab, LF and CR from its input before it parses, so `new URL("https://exa\nmple.com")` reports on `example.com`. Applying the same deletion to the returned value closes the half of that divergence which can move the host; the parser's other rewrite, stripping C0 controls at the edges, cannot. */
function stripTabAndNewline(value) {
	return value.replace(asciiTabOrNewline, "");
}
function urlHostnameOk(url, hostname) {
	hostname.lastIndex = 0;
	return hostname.test(url.hostname);
}
function urlProtocolOk(url, protocol) {
	protocol.lastIndex = 0;
	return protocol.test(url.protocol.endsWith(":") ? url.protocol.slice(0, -1) : url.protocol);
}
const $ZodURL = /*@__PURE__*/ $constructor("$ZodURL", (inst, def) => {
	$ZodStringFormat.init(inst, def);
	inst._zod.check = (payload) => {
		try {
			const trimmed = payload.value.trim();
			const url = validateURL(trimmed, def);
			if (url === 1) {
				payload.issues.push({
					code: "invalid_format",
					format: "url",
					note: "Invalid URL format",
					input: payload.value,
					inst,
					continue: !def.abort
				});
				return;
			}
			if (url === 2) {
				payload.issues.push({
					code: "invalid_format",
					format: "url",
					input: payload.value,
					inst,
					continue: !def.abort
				});
				return;
			}
			if (url === true) {
				payload.value = stripTabAndNewline(trimmed);
				return;
			}
			if (def.hostname && !urlHostnameOk(url, def.hostname)) payload.issues.push({
				code: "invalid_format",
				format: "url",
				note: "Invalid hostname",
				pattern: def.hostname.source,
				input: payload.value,
				inst,
				continue: !def.abort
			});
			if (def.protocol && !urlProtocolOk(url, def.protocol)) payload.issues.push({
				code: "invalid_format",
				format: "url",
				note: "Invalid protocol",
				pattern: def.protocol.source,
				input: payload.value,
				inst,
				continue: !def.abort
			});
			payload.value = def.normalize ? url.href : stripTabAndNewline(trimmed);
			return;
		} catch (_) {
			payload.issues.push({
				code: "invalid_format",
				format: "url",
				input: payload.value,
				inst,
				continue: !def.abort
			});
		}
	};
});
const $ZodEmoji = /*@__PURE__*/ $constructor("$ZodEmoji", (inst, def) => {
	def.pattern ?? (def.pattern = emoji());
	$ZodStringFormat.init(inst, def);
});
const $ZodNanoID = /*@__PURE__*/ $constructor("$ZodNanoID", (inst, def) => {
	if (def.length !== void 0 && (!Number.isInteger(def.length) || def.length < 1)) throw new Error(`Invalid nanoid length: ${def.length}`);
	def.pattern ?? (def.pattern = def.length === void 0 ? nanoid : nanoidOfLength(def.length));
	$ZodStringFormat.init(inst, def);
});
/**
* @deprecated CUID v1 is deprecated by its authors due to information leakage
* (timestamps embedded in the id). Use {@link $ZodCUID2} instead.
* See https://github.com/paralleldrive/cuid.
*/
const $ZodCUID = /*@__PURE__*/ $constructor("$ZodCUID", (inst, def) => {
	def.pattern ?? (def.pattern = cuid);
	$ZodStringFormat.init(inst, def);
});
const $ZodCUID2 = /*@__PURE__*/ $constructor("$ZodCUID2", (inst, def) => {
	def.pattern ?? (def.pattern = cuid2);
	$ZodStringFormat.init(inst, def);
});
const $ZodULID = /*@__PURE__*/ $constructor("$ZodULID", (inst, def) => {
	def.pattern ?? (def.pattern = ulid);
	$ZodStringFormat.init(inst, def);
});
const $ZodXID = /*@__PURE__*/ $constructor("$ZodXID", (inst, def) => {
	def.pattern ?? (def.pattern = xid);
	$ZodStringFormat.init(inst, def);
});
const $ZodKSUID = /*@__PURE__*/ $constructor("$ZodKSUID", (inst, def) => {
	def.pattern ?? (def.pattern = ksuid);
	$ZodStringFormat.init(inst, def);
});
const $ZodISODateTime = /*@__PURE__*/ $constructor("$ZodISODateTime", (inst, def) => {
	def.pattern ?? (def.pattern = datetime(def));
	$ZodStringFormat.init(inst, def);
});
const $ZodISODate = /*@__PURE__*/ $constructor("$ZodISODate", (inst, def) => {
	def.pattern ?? (def.pattern = date);
	$ZodStringFormat.init(inst, def);
});
const $ZodISOTime = /*@__PURE__*/ $constructor("$ZodISOTime", (inst, def) => {
	def.pattern ?? (def.pattern = time(def));
	$ZodStringFormat.init(inst, def);
});
const $ZodISODuration = /*@__PURE__*/ $constructor("$ZodISODuration", (inst, def) => {
	def.pattern ?? (def.pattern = duration);
	$ZodStringFormat.init(inst, def);
});
const $ZodIPv4 = /*@__PURE__*/ $constructor("$ZodIPv4", (inst, def) => {
	def.pattern ?? (def.pattern = ipv4);
	$ZodStringFormat.init(inst, def);
});
/** An IPv6 address is written with hex digits, colons and dots, and nothing else. The guard is what makes the check below an IPv6 check: `new URL("http://[...]")` parses an authority, not an address, so `@` and `\` re-delimit it and `"::@1\\"` validates against the host `0.0.0.1`. The URL parser also deletes ASCII tab, LF and CR rather than failing, which is how `"::1\n"` validated as `::1`. */
const ipv6Alphabet = /^[0-9a-fA-F:.]+$/;
function isValidIPv6(value) {
	if (!ipv6Alphabet.test(value)) return false;
	return canParseURL(`http://[${value}]`);
}
const $ZodIPv6 = /*@__PURE__*/ $constructor("$ZodIPv6", (inst, def) => {
	def.pattern ?? (def.pattern = ipv6);
	$ZodStringFormat.init(inst, def);
	inst._zod.check = (payload) => {
		if (!isValidIPv6(payload.value)) payload.issues.push({
			code: "invalid_format",
			format: "ipv6",
			input: payload.value,
			inst,
			continue: !def.abort
		});
	};
});
const $ZodCIDRv4 = /*@__PURE__*/ $constructor("$ZodCIDRv4", (inst, def) => {
	def.pattern ?? (def.pattern = cidrv4);
	$ZodStringFormat.init(inst, def);
});
function isValidCIDRv6(value) {
	const parts = value.split("/");
	if (parts.length !== 2) return false;
	const [address, prefix] = parts;
	if (!prefix) return false;
	const prefixNum = Number(prefix);
	if (`${prefixNum}` !== prefix) return false;
	if (prefixNum < 0 || prefixNum > 128) return false;
	return isValidIPv6(address);
}
const $ZodCIDRv6 = /*@__PURE__*/ $constructor("$ZodCIDRv6", (inst, def) => {
	def.pattern ?? (def.pattern = cidrv6);
	$ZodStringFormat.init(inst, def);
	inst._zod.check = (payload) => {
		if (!isValidCIDRv6(payload.value)) payload.issues.push({
			code: "invalid_format",
			format: "cidrv6",
			input: payload.value,
			inst,
			continue: !def.abort
		});
	};
});
function isValidBase64(data) {
	if (data === "") return true;
	if (/\s/.test(data)) return false;
	if (data.length % 4 !== 0) return false;
	try {
		atob(data);
		return true;
	} catch {
		return false;
	}
}
const base64Charset = /^[0-9a-zA-Z+/]*={0,2}$/;
const $ZodBase64 = /*@__PURE__*/ $constructor("$ZodBase64", (inst, def) => {
	def.pattern ?? (def.pattern = base64Charset);
	$ZodStringFormat.init(inst, def);
	inst._zod.check = (payload) => {
		if (isValidBase64(payload.value)) return;
		payload.issues.push({
			code: "invalid_format",
			format: "base64",
			input: payload.value,
			inst,
			continue: !def.abort
		});
	};
});
const base64urlCharset = /^[A-Za-z0-9_-]*$/;
function isValidBase64URL(data) {
	if (!base64urlCharset.test(data)) return false;
	const base64 = data.replace(/[-_]/g, (c) => c === "-" ? "+" : "/");
	return isValidBase64(base64.padEnd(Math.ceil(base64.length / 4) * 4, "="));
}
const $ZodBase64URL = /*@__PURE__*/ $constructor("$ZodBase64URL", (inst, def) => {
	def.pattern ?? (def.pattern = base64urlCharset);
	$ZodStringFormat.init(inst, def);
	inst._zod.check = (payload) => {
		if (isValidBase64URL(payload.value)) return;
		payload.issues.push({
			code: "invalid_format",
			format: "base64url",
			input: payload.value,
			inst,
			continue: !def.abort
		});
	};
});
const $ZodE164 = /*@__PURE__*/ $constructor("$ZodE164", (inst, def) => {
	def.pattern ?? (def.pattern = e164);
	$ZodStringFormat.init(inst, def);
});
function isValidJWT(token, algorithm = null) {
	try {
		const tokensParts = token.split(".");
		if (tokensParts.length !== 3) return false;
		const [header] = tokensParts;
		if (!header) return false;
		const parsedHeader = JSON.parse(atob(header));
		if ("typ" in parsedHeader && parsedHeader?.typ !== "JWT") return false;
		if (!parsedHeader.alg) return false;
		if (algorithm && (!("alg" in parsedHeader) || parsedHeader.alg !== algorithm)) return false;
		return true;
	} catch {
		return false;
	}
}
const $ZodJWT = /*@__PURE__*/ $constructor("$ZodJWT", (inst, def) => {
	$ZodStringFormat.init(inst, def);
	inst._zod.check = (payload) => {
		if (isValidJWT(payload.value, def.alg)) return;
		payload.issues.push({
			code: "invalid_format",
			format: "jwt",
			input: payload.value,
			inst,
			continue: !def.abort
		});
	};
});
const $ZodNumber = /*@__PURE__*/ $constructor("$ZodNumber", (inst, def) => {
	$ZodType.init(inst, def);
	inst._zod.pattern = number$1;
	inst._zod.parse = (payload, _ctx) => {
		if (def.coerce) try {
			payload.value = Number(payload.value);
		} catch (_) {}
		const input = payload.value;
		if (typeof input === "number" && !Number.isNaN(input) && Number.isFinite(input)) return payload;
		const received = typeof input === "number" ? Number.isNaN(input) ? "NaN" : !Number.isFinite(input) ? String(input) : void 0 : void 0;
		payload.issues.push({
			expected: "number",
			code: "invalid_type",
			input,
			inst,
			...received ? { received } : {}
		});
		return payload;
	};
});
const $ZodNumberFormat = /*@__PURE__*/ $constructor("$ZodNumberFormat", (inst, def) => {
	$ZodCheckNumberFormat.init(inst, def);
	$ZodNumber.init(inst, def);
});
const $ZodBoolean = /*@__PURE__*/ $constructor("$ZodBoolean", (inst, def) => {
	$ZodType.init(inst, def);
	inst._zod.pattern = boolean$1;
	inst._zod.parse = (payload, _ctx) => {
		if (def.coerce) try {
			payload.value = Boolean(payload.value);
		} catch (_) {}
		const input = payload.value;
		if (typeof input === "boolean") return payload;
		payload.issues.push({
			expected: "boolean",
			code: "invalid_type",
			input,
			inst
		});
		return payload;
	};
});
const $ZodUnknown = /*@__PURE__*/ $constructor("$ZodUnknown", (inst, def) => {
	$ZodType.init(inst, def);
	inst._zod.parse = (payload) => payload;
});
const $ZodNever = /*@__PURE__*/ $constructor("$ZodNever", (inst, def) => {
	$ZodType.init(inst, def);
	inst._zod.parse = (payload, _ctx) => {
		payload.issues.push({
			expected: "never",
			code: "invalid_type",
			input: payload.value,
			inst
		});
		return payload;
	};
});
function capSize(inst, size) {
	const caps = sizeCaps(inst._zod.def.checks);
	if (!caps.length) return;
	const cap = Math.min(...caps.map((c) => c[0]));
	const parse = inst._zod.parse;
	inst._zod.parse = (payload, ctx) => {
		const n = size(payload.value);
		if (n > cap && !ctx?.skipChecks && ctx?.direction !== "backward") {
			for (const [max, ch] of sizeCaps(inst._zod.def.checks)) if (n > max && ch._zod.def.when(payload)) {
				const start = payload.issues.length;
				ch._zod.check(payload);
				payload.issues[start].continue = false;
				attachSchema(payload.issues, start, inst);
				return payload;
			}
		}
		return parse(payload, ctx);
	};
}
const arraySize = (input) => Array.isArray(input) ? input.length : -1;
function handleArrayResult(result, final, index) {
	if (result.issues.length) final.issues.push(...prefixIssues(index, result.issues));
	final.value[index] = result.value;
}
const $ZodArray = /*@__PURE__*/ $constructor("$ZodArray", (inst, def) => {
	$ZodType.init(inst, def);
	const memo = globalConfig.memoizer;
	memo?.attach(inst);
	inst._zod.parse = (payload, ctx) => {
		const input = payload.value;
		if (!Array.isArray(input)) {
			payload.issues.push({
				expected: "array",
				code: "invalid_type",
				input,
				inst
			});
			return payload;
		}
		payload.value = memo ? memo.alloc(inst, payload, Array(input.length), ctx) : Array(input.length);
		const proms = [];
		const abortEarly = ctx?.abortEarly;
		for (let i = 0; i < input.length; i++) {
			const item = input[i];
			const result = def.element._zod.run({
				value: item,
				issues: []
			}, ctx);
			if (result instanceof Promise) proms.push(result.then((result) => handleArrayResult(result, payload, i)));
			else {
				handleArrayResult(result, payload, i);
				if (abortEarly && result.issues.length !== 0 && aborted(result)) break;
			}
		}
		if (proms.length) return Promise.all(proms).then(() => payload);
		return payload;
	};
	capSize(inst, arraySize);
});
function handlePropertyResult(result, final, key, input, optin, optout) {
	const isPresent = key in input;
	const isOptionalOut = optout === "optional";
	if (!isPresent && isOptionalOut && optin === "optional") return;
	if (result.issues.length) {
		if (optin !== void 0 && isOptionalOut && !isPresent) return;
		final.issues.push(...prefixIssues(key, result.issues));
	}
	if (!isPresent && optin === void 0) {
		if (!result.issues.length) final.issues.push({
			code: "invalid_type",
			expected: "nonoptional",
			input: void 0,
			path: [key]
		});
		return;
	}
	if (result.value === void 0) {
		if (isPresent || optin === "defaulted" && !isOptionalOut) final.value[key] = void 0;
	} else final.value[key] = result.value;
}
const NO_SYMBOL_KEYS = [];
function normalizeDef(def) {
	const keys = Object.keys(def.shape);
	const ownSymbols = Object.getOwnPropertySymbols(def.shape);
	const symbolKeys = ownSymbols.length ? ownSymbols : NO_SYMBOL_KEYS;
	const allKeys = symbolKeys.length ? [...keys, ...symbolKeys] : keys;
	for (const k of allKeys) if (!def.shape?.[k]?._zod?.traits?.has("$ZodType")) throw new Error(`Invalid element at key "${String(k)}": expected a Zod schema`);
	const okeys = optionalKeys(def.shape);
	return {
		...def,
		allKeys,
		symbolKeys,
		keySet: new Set(keys),
		numKeys: keys.length,
		optionalKeys: new Set(okeys)
	};
}
function handleCatchall(proms, input, payload, ctx, def, inst, abortEarly) {
	const unrecognized = [];
	const keySet = def.keySet;
	const _catchall = def.catchall._zod;
	const t = _catchall.def.type;
	const optin = _catchall.optin;
	const optout = _catchall.optout;
	let seen = 0;
	for (const key in input) {
		if (abortEarly && payload.issues.length !== seen) {
			if (aborted(payload, seen)) break;
			seen = payload.issues.length;
		}
		if (keySet.has(key)) continue;
		if (key === "__proto__") {
			if (t === "never") unrecognized.push(key);
			continue;
		}
		if (t === "never") {
			unrecognized.push(key);
			continue;
		}
		const r = _catchall.run({
			value: input[key],
			issues: []
		}, ctx);
		if (r instanceof Promise) proms.push(r.then((r) => handlePropertyResult(r, payload, key, input, optin, optout)));
		else handlePropertyResult(r, payload, key, input, optin, optout);
	}
	if (unrecognized.length) payload.issues.push({
		code: "unrecognized_keys",
		keys: unrecognized,
		input,
		inst,
		continue: true
	});
	if (!proms.length) return payload;
	return Promise.all(proms).then(() => {
		return payload;
	});
}
const $ZodObject = /*@__PURE__*/ $constructor("$ZodObject", (inst, def) => {
	$ZodType.init(inst, def);
	const desc = Object.getOwnPropertyDescriptor(def, "shape");
	const sh = desc?.get ? desc.get.raw : def.shape ?? {};
	if (sh) {
		const get = () => {
			const newSh = { ...sh };
			Object.defineProperty(def, "shape", { value: newSh });
			get.raw = newSh;
			return newSh;
		};
		get.raw = sh;
		Object.defineProperty(def, "shape", { get });
	}
	const _normalized = cached(() => normalizeDef(def));
	defineLazyInternal(inst, "propValues", (zod) => {
		const shape = zod.def.shape;
		const propValues = {};
		for (const key in shape) {
			const field = shape[key]._zod;
			if (field.values) {
				if (!Object.prototype.hasOwnProperty.call(propValues, key)) assignProp(propValues, key, /* @__PURE__ */ new Set());
				for (const v of field.values) propValues[key].add(v);
				if (field.optin !== void 0) propValues[key].add(void 0);
			}
		}
		return propValues;
	});
	const isObject$1 = isObject;
	const catchall = def.catchall;
	let value;
	const memo = globalConfig.memoizer;
	memo?.attach(inst);
	inst._zod.parse = (payload, ctx) => {
		value ?? (value = _normalized.value);
		const input = payload.value;
		if (!isObject$1(input)) {
			payload.issues.push({
				expected: "object",
				code: "invalid_type",
				input,
				inst
			});
			return payload;
		}
		payload.value = memo ? memo.alloc(inst, payload, {}, ctx) : {};
		const proms = [];
		const shape = value.shape;
		const abortEarly = ctx?.abortEarly;
		let seen = payload.issues.length;
		for (const key of value.allKeys) {
			if (abortEarly && payload.issues.length !== seen) {
				if (aborted(payload, seen)) break;
				seen = payload.issues.length;
			}
			if (key === "__proto__") continue;
			const el = shape[key];
			const optin = el._zod.optin;
			const optout = el._zod.optout;
			const r = el._zod.run({
				value: input[key],
				issues: []
			}, ctx);
			if (r instanceof Promise) proms.push(r.then((r) => handlePropertyResult(r, payload, key, input, optin, optout)));
			else handlePropertyResult(r, payload, key, input, optin, optout);
		}
		if (!catchall) return proms.length ? Promise.all(proms).then(() => payload) : payload;
		return handleCatchall(proms, input, payload, ctx, _normalized.value, inst, abortEarly === true);
	};
});
const $ZodObjectJIT = /*@__PURE__*/ $constructor("$ZodObjectJIT", (inst, def) => {
	$ZodObject.init(inst, def);
	const superParse = inst._zod.parse;
	const _normalized = cached(() => normalizeDef(def));
	const memo = globalConfig.memoizer;
	const generateFastpass = (shape) => {
		const normalized = _normalized.value;
		const syms = normalized.symbolKeys;
		const doc = new Doc(["payload", "ctx"], {
			shape,
			inst,
			memo,
			syms
		});
		const parseStr = (k) => `shape[${k}]._zod.run({ value: input[${k}], issues: [] }, ctx)`;
		const prefixStr = (id, k) => `
          let ${id}_ab = false;
          for (let i = 0; i < ${id}.issues.length; i++) {
            const iss = ${id}.issues[i];
            iss.path = iss.path ? [${k}, ...iss.path] : [${k}];
            payload.issues.push(iss);
            if (iss.continue !== true) ${id}_ab = true;
          }
          if (${id}_ab && ctx && ctx.abortEarly) {
            payload.value = newResult;
            return payload;
          }`;
		doc.write(`const input = payload.value;`);
		const ids = Object.create(null);
		let counter = 0;
		for (const key of normalized.allKeys) ids[key] = `key_${counter++}`;
		doc.write(memo ? `const newResult = memo.alloc(inst, payload, {}, ctx);` : `const newResult = {};`);
		for (const key of normalized.allKeys) {
			if (key === "__proto__") continue;
			const id = ids[key];
			const k = typeof key === "symbol" ? `syms[${syms.indexOf(key)}]` : esc(key);
			const isPresent = `${k} in input`;
			const schema = shape[key];
			const optin = schema?._zod?.optin;
			const isOptionalIn = optin !== void 0;
			const isOptionalOut = schema?._zod?.optout === "optional";
			doc.write(`const ${id} = ${parseStr(k)};`);
			if (isOptionalIn && isOptionalOut) {
				const assign = optin === "optional" ? `${id}_present` : `${id}.value !== undefined || ${id}_present`;
				doc.write(`
        const ${id}_present = ${isPresent};
        if (!${id}.issues.length || ${id}_present) {
          if (${id}.issues.length) {${prefixStr(id, k)}
          }

          if (${assign}) {
            newResult[${k}] = ${id}.value;
          }
        }

      `);
			} else if (!isOptionalIn) doc.write(`
        const ${id}_present = ${isPresent};
        if (${id}.issues.length) {${prefixStr(id, k)}
        }
        if (!${id}_present && !${id}.issues.length) {
          payload.issues.push({
            code: "invalid_type",
            expected: "nonoptional",
            input: undefined,
            path: [${k}]
          });
          if (ctx && ctx.abortEarly) {
            payload.value = newResult;
            return payload;
          }
        }

        if (${id}_present) {
          newResult[${k}] = ${id}.value;
        }

      `);
			else {
				doc.write(`
        if (${id}.issues.length) {${prefixStr(id, k)}
        }
      `);
				if (optin === "defaulted") doc.write(`newResult[${k}] = ${id}.value;`);
				else doc.write(`
        if (${id}.value !== undefined || ${isPresent}) {
          newResult[${k}] = ${id}.value;
        }
      `);
			}
		}
		doc.write(`payload.value = newResult;`);
		doc.write(`return payload;`);
		return doc.compile();
	};
	let fastpass;
	const isObject$2 = isObject;
	const jit = !globalConfig.jitless;
	const fastEnabled = jit && allowsEval.value;
	const catchall = def.catchall;
	let value;
	inst._zod.parse = (payload, ctx) => {
		value ?? (value = _normalized.value);
		const input = payload.value;
		if (!isObject$2(input)) {
			payload.issues.push({
				expected: "object",
				code: "invalid_type",
				input,
				inst
			});
			return payload;
		}
		if (jit && fastEnabled && ctx?.async === false && ctx.jitless !== true) {
			if (!fastpass) fastpass = generateFastpass(def.shape);
			payload = fastpass(payload, ctx);
			if (!catchall) return payload;
			return handleCatchall([], input, payload, ctx, value, inst, ctx?.abortEarly === true);
		}
		return superParse(payload, ctx);
	};
});
function handleUnionResults(results, final, inst, ctx) {
	for (const result of results) if (result.issues.length === 0) {
		final.value = result.value;
		return final;
	}
	const nonaborted = results.filter((r) => !aborted(r));
	if (nonaborted.length === 1) {
		final.value = nonaborted[0].value;
		return nonaborted[0];
	}
	final.issues.push({
		code: "invalid_union",
		input: final.value,
		inst,
		errors: results.map((result) => result.issues.map((iss) => finalizeIssue(iss, ctx, config())))
	});
	return final;
}
const $ZodUnion = /*@__PURE__*/ $constructor("$ZodUnion", (inst, def) => {
	$ZodType.init(inst, def);
	defineLazyInternal(inst, "optin", (zod) => zod.def.options.some((o) => o._zod.optin === "defaulted") ? "defaulted" : zod.def.options.some((o) => o._zod.optin !== void 0) ? "optional" : void 0);
	defineLazyInternal(inst, "optout", (zod) => zod.def.options.some((o) => o._zod.optout === "optional") ? "optional" : void 0);
	defineLazyInternal(inst, "values", (zod) => {
		if (zod.def.options.every((o) => o._zod.values)) return new Set(zod.def.options.flatMap((option) => Array.from(option._zod.values)));
	});
	defineLazyInternal(inst, "pattern", (zod) => {
		if (zod.def.options.every((o) => o._zod.pattern)) {
			const patterns = zod.def.options.map((o) => o._zod.pattern);
			return new RegExp(`^(${patterns.map((p) => cleanRegex(p.source)).join("|")})$`);
		}
	});
	const first = def.options.length === 1 ? def.options[0]._zod.run : null;
	inst._zod.parse = (payload, ctx) => {
		if (first) return first(payload, ctx);
		let async = false;
		const results = [];
		for (const option of def.options) {
			const result = option._zod.run({
				value: payload.value,
				issues: []
			}, ctx);
			if (result instanceof Promise) {
				results.push(result);
				async = true;
			} else {
				if (result.issues.length === 0) return result;
				results.push(result);
			}
		}
		if (!async) return handleUnionResults(results, payload, inst, ctx);
		return Promise.all(results).then((results) => {
			return handleUnionResults(results, payload, inst, ctx);
		});
	};
});
const $ZodIntersection = /*@__PURE__*/ $constructor("$ZodIntersection", (inst, def) => {
	$ZodType.init(inst, def);
	inst._zod.parse = (payload, ctx) => {
		const input = payload.value;
		const left = def.left._zod.run({
			value: input,
			issues: []
		}, ctx);
		const right = def.right._zod.run({
			value: input,
			issues: []
		}, ctx);
		if (left instanceof Promise || right instanceof Promise) return Promise.all([left, right]).then(([left, right]) => {
			return handleIntersectionResults(payload, left, right);
		});
		return handleIntersectionResults(payload, left, right);
	};
});
function mergeValues(a, b) {
	if (a === b) return {
		valid: true,
		data: a
	};
	if (a instanceof Date && b instanceof Date && +a === +b) return {
		valid: true,
		data: a
	};
	if (isPlainObject(a) && isPlainObject(b)) {
		const bKeys = Object.keys(b);
		const sharedKeys = Object.keys(a).filter((key) => bKeys.indexOf(key) !== -1);
		const newObj = {
			...a,
			...b
		};
		if (Object.prototype.hasOwnProperty.call(newObj, "__proto__")) delete newObj.__proto__;
		for (const key of sharedKeys) {
			if (key === "__proto__") continue;
			const sharedValue = mergeValues(a[key], b[key]);
			if (!sharedValue.valid) return {
				valid: false,
				mergeErrorPath: [key, ...sharedValue.mergeErrorPath]
			};
			newObj[key] = sharedValue.data;
		}
		return {
			valid: true,
			data: newObj
		};
	}
	if (Array.isArray(a) && Array.isArray(b)) {
		if (a.length !== b.length) return {
			valid: false,
			mergeErrorPath: []
		};
		const newArray = [];
		for (let index = 0; index < a.length; index++) {
			const itemA = a[index];
			const itemB = b[index];
			const sharedValue = mergeValues(itemA, itemB);
			if (!sharedValue.valid) return {
				valid: false,
				mergeErrorPath: [index, ...sharedValue.mergeErrorPath]
			};
			newArray.push(sharedValue.data);
		}
		return {
			valid: true,
			data: newArray
		};
	}
	return {
		valid: false,
		mergeErrorPath: []
	};
}
function handleIntersectionResults(result, left, right) {
	const unrecKeys = /* @__PURE__ */ new Map();
	let unrecIssue;
	const keyIssues = /* @__PURE__ */ new Map();
	const collect = (iss, side) => {
		let keys;
		if (iss.code === "unrecognized_keys" && !iss.path?.length) {
			unrecIssue ?? (unrecIssue = iss);
			keys = iss.keys;
		} else if (iss.code === "invalid_key" && iss.origin === "record" && iss.path?.length === 1) {
			const k = String(iss.path[0]);
			if (!keyIssues.has(k)) keyIssues.set(k, iss);
			keys = [k];
		} else return false;
		for (const k of keys) {
			if (!unrecKeys.has(k)) unrecKeys.set(k, {});
			unrecKeys.get(k)[side] = true;
		}
		return true;
	};
	for (const iss of left.issues) if (!collect(iss, "l")) result.issues.push(iss);
	for (const iss of right.issues) if (!collect(iss, "r")) result.issues.push(iss);
	const bothKeys = [...unrecKeys].filter(([, f]) => f.l && f.r).map(([k]) => k);
	if (bothKeys.length) {
		const aggregated = unrecIssue ? bothKeys.filter((k) => unrecIssue.keys.includes(k)) : [];
		if (aggregated.length) result.issues.push({
			...unrecIssue,
			keys: aggregated
		});
		for (const k of bothKeys) if (!aggregated.includes(k) && keyIssues.has(k)) result.issues.push(keyIssues.get(k));
	}
	const merged = mergeValues(left.value, right.value);
	if (!merged.valid) {
		if (aborted(result)) return result;
		throw new Error(`Unmergable intersection. Error path: ${JSON.stringify(merged.mergeErrorPath)}`);
	}
	result.value = merged.data;
	return result;
}
const $ZodEnum = /*@__PURE__*/ $constructor("$ZodEnum", (inst, def) => {
	$ZodType.init(inst, def);
	const values = getEnumValues(def.entries);
	const valuesSet = new Set(values);
	inst._zod.values = valuesSet;
	defineLazyInternal(inst, "pattern", (zod) => {
		const patternValues = getEnumValues(zod.def.entries).filter((k) => propertyKeyTypes.has(typeof k));
		return new RegExp(patternValues.length ? `^(${patternValues.map((o) => escapeRegex(o.toString())).join("|")})$` : "^[^\\s\\S]$");
	});
	inst._zod.parse = (payload, _ctx) => {
		const input = payload.value;
		if (valuesSet.has(input)) return payload;
		payload.issues.push({
			code: "invalid_value",
			values,
			input,
			inst
		});
		return payload;
	};
});
const $ZodLiteral = /*@__PURE__*/ $constructor("$ZodLiteral", (inst, def) => {
	$ZodType.init(inst, def);
	const values = new Set(def.values);
	inst._zod.values = values;
	defineLazyInternal(inst, "pattern", (zod) => {
		const vals = zod.def.values;
		return new RegExp(vals.length ? `^(${vals.map((o) => typeof o === "string" ? escapeRegex(o) : o ? escapeRegex(o.toString()) : String(o)).join("|")})$` : "^[^\\s\\S]$");
	});
	inst._zod.parse = (payload, _ctx) => {
		const input = payload.value;
		if (values.has(input)) return payload;
		payload.issues.push({
			code: "invalid_value",
			values: def.values,
			input,
			inst
		});
		return payload;
	};
});
const $ZodTransform = /*@__PURE__*/ $constructor("$ZodTransform", (inst, def) => {
	$ZodType.init(inst, def);
	inst._zod.optin = "optional";
	globalConfig.memoizer?.guard(inst);
	inst._zod.parse = (payload, ctx) => {
		if (ctx.direction === "backward") throw new $ZodEncodeError(inst.constructor.name);
		const _out = def.transform(payload.value, payload);
		if (ctx.async) return (_out instanceof Promise ? _out : Promise.resolve(_out)).then((output) => {
			payload.value = output;
			return payload;
		});
		if (_out instanceof Promise) throw new $ZodAsyncError();
		payload.value = _out;
		return payload;
	};
});
function handleOptionalResult(payload, result) {
	payload.value = result.issues.length ? void 0 : result.value;
	return payload;
}
const $ZodOptional = /*@__PURE__*/ $constructor("$ZodOptional", (inst, def) => {
	$ZodType.init(inst, def);
	defineLazyInternal(inst, "optin", (zod) => zod.def.innerType._zod.optin === "defaulted" ? "defaulted" : "optional");
	inst._zod.optout = "optional";
	defineLazyInternal(inst, "values", (zod) => {
		const values = zod.def.innerType._zod.values;
		return values ? /* @__PURE__ */ new Set([...values, void 0]) : void 0;
	});
	defineLazyInternal(inst, "pattern", (zod) => {
		const pattern = zod.def.innerType._zod.pattern;
		return pattern ? new RegExp(`^(${cleanRegex(pattern.source)})?$`) : void 0;
	});
	inst._zod.parse = (payload, ctx) => {
		if (payload.value === void 0) {
			if (def.innerType._zod.optin !== "defaulted") return payload;
			const result = def.innerType._zod.run({
				value: payload.value,
				issues: []
			}, ctx);
			if (result instanceof Promise) return result.then((result) => handleOptionalResult(payload, result));
			return handleOptionalResult(payload, result);
		}
		return def.innerType._zod.run(payload, ctx);
	};
});
const $ZodExactOptional = /*@__PURE__*/ $constructor("$ZodExactOptional", (inst, def) => {
	$ZodOptional.init(inst, def);
	defineLazyInternal(inst, "values", (zod) => zod.def.innerType._zod.values);
	defineLazyInternal(inst, "pattern", (zod) => zod.def.innerType._zod.pattern);
	inst._zod.parse = (payload, ctx) => {
		return def.innerType._zod.run(payload, ctx);
	};
});
const $ZodNullable = /*@__PURE__*/ $constructor("$ZodNullable", (inst, def) => {
	$ZodType.init(inst, def);
	defineLazyInternal(inst, "optin", (zod) => zod.def.innerType._zod.optin);
	defineLazyInternal(inst, "optout", (zod) => zod.def.innerType._zod.optout);
	defineLazyInternal(inst, "pattern", (zod) => {
		const pattern = zod.def.innerType._zod.pattern;
		return pattern ? new RegExp(`^(${cleanRegex(pattern.source)}|null)$`) : void 0;
	});
	defineLazyInternal(inst, "values", (zod) => {
		return zod.def.innerType._zod.values ? /* @__PURE__ */ new Set([...zod.def.innerType._zod.values, null]) : void 0;
	});
	inst._zod.parse = (payload, ctx) => {
		if (payload.value === null) return payload;
		return def.innerType._zod.run(payload, ctx);
	};
});
const $ZodDefault = /*@__PURE__*/ $constructor("$ZodDefault", (inst, def) => {
	$ZodType.init(inst, def);
	inst._zod.optin = "defaulted";
	defineLazyInternal(inst, "values", (zod) => zod.def.innerType._zod.values);
	inst._zod.parse = (payload, ctx) => {
		if (ctx.direction === "backward") return def.innerType._zod.run(payload, ctx);
		if (payload.value === void 0) {
			payload.value = def.defaultValue;
			/**
			* $ZodDefault returns the default value immediately in forward direction.
			* It doesn't pass the default value into the validator ("prefault"). There's no reason to pass the default value through validation. The validity of the default is enforced by TypeScript statically. Otherwise, it's the responsibility of the user to ensure the default is valid. In the case of pipes with divergent in/out types, you can specify the default on the `in` schema of your ZodPipe to set a "prefault" for the pipe.   */
			return payload;
		}
		const result = def.innerType._zod.run(payload, ctx);
		if (result instanceof Promise) return result.then((result) => handleDefaultResult(result, def));
		return handleDefaultResult(result, def);
	};
});
function handleDefaultResult(payload, def) {
	if (payload.value === void 0) payload.value = def.defaultValue;
	return payload;
}
const $ZodPrefault = /*@__PURE__*/ $constructor("$ZodPrefault", (inst, def) => {
	$ZodType.init(inst, def);
	inst._zod.optin = "defaulted";
	defineLazyInternal(inst, "values", (zod) => zod.def.innerType._zod.values);
	inst._zod.parse = (payload, ctx) => {
		if (ctx.direction === "backward") return def.innerType._zod.run(payload, ctx);
		if (payload.value === void 0) payload.value = def.defaultValue;
		return def.innerType._zod.run(payload, ctx);
	};
});
const $ZodNonOptional = /*@__PURE__*/ $constructor("$ZodNonOptional", (inst, def) => {
	$ZodType.init(inst, def);
	defineLazyInternal(inst, "values", (zod) => {
		const v = zod.def.innerType._zod.values;
		return v ? new Set([...v].filter((x) => x !== void 0)) : void 0;
	});
	inst._zod.parse = (payload, ctx) => {
		const result = def.innerType._zod.run(payload, ctx);
		if (result instanceof Promise) return result.then((result) => handleNonOptionalResult(result, inst));
		return handleNonOptionalResult(result, inst);
	};
});
function handleNonOptionalResult(payload, inst) {
	if (!payload.issues.length && payload.value === void 0) payload.issues.push({
		code: "invalid_type",
		expected: "nonoptional",
		input: payload.value,
		inst
	});
	return payload;
}
function handleCatchResult(payload, result, def, ctx) {
	if (!result.issues.length) {
		payload.value = result.value;
		if (result.memo) payload.memo = true;
		return payload;
	}
	payload.value = def.catchValue({
		...result,
		value: payload.value,
		error: { issues: result.issues.map((iss) => finalizeIssue(iss, ctx, config())) },
		input: payload.value
	});
	return payload;
}
const $ZodCatch = /*@__PURE__*/ $constructor("$ZodCatch", (inst, def) => {
	$ZodType.init(inst, def);
	defineLazyInternal(inst, "optin", (zod) => zod.def.innerType._zod.optin === "defaulted" ? "defaulted" : "optional");
	defineLazyInternal(inst, "optout", (zod) => zod.def.innerType._zod.optout);
	defineLazyInternal(inst, "values", (zod) => zod.def.innerType._zod.values);
	inst._zod.parse = (payload, ctx) => {
		if (ctx.direction === "backward") return def.innerType._zod.run(payload, ctx);
		const result = def.innerType._zod.run({
			value: payload.value,
			issues: []
		}, ctx);
		if (result instanceof Promise) return result.then((result) => handleCatchResult(payload, result, def, ctx));
		return handleCatchResult(payload, result, def, ctx);
	};
});
const $ZodPipe = /*@__PURE__*/ $constructor("$ZodPipe", (inst, def) => {
	$ZodType.init(inst, def);
	defineLazyInternal(inst, "values", (zod) => zod.def.in._zod.values);
	defineLazyInternal(inst, "optin", (zod) => zod.def.in._zod.optin);
	defineLazyInternal(inst, "optout", (zod) => zod.def.out._zod.optout);
	defineLazyInternal(inst, "propValues", (zod) => zod.def.in._zod.propValues);
	inst._zod.parse = (payload, ctx) => {
		if (ctx.direction === "backward") {
			const right = def.out._zod.run(payload, ctx);
			if (right instanceof Promise) return right.then((right) => handlePipeResult(right, def.in, ctx));
			return handlePipeResult(right, def.in, ctx);
		}
		const left = def.in._zod.run(payload, ctx);
		if (left instanceof Promise) return left.then((left) => handlePipeResult(left, def.out, ctx));
		return handlePipeResult(left, def.out, ctx);
	};
});
function handlePipeResult(left, next, ctx) {
	if (left.issues.some((iss) => iss.code !== "unrecognized_keys")) {
		left.aborted = true;
		return left;
	}
	return next._zod.run({
		value: left.value,
		issues: left.issues
	}, ctx);
}
const $ZodReadonly = /*@__PURE__*/ $constructor("$ZodReadonly", (inst, def) => {
	$ZodType.init(inst, def);
	defineLazyInternal(inst, "propValues", (zod) => zod.def.innerType._zod.propValues);
	defineLazyInternal(inst, "values", (zod) => zod.def.innerType._zod.values);
	defineLazyInternal(inst, "optin", (zod) => zod.def.innerType?._zod?.optin);
	defineLazyInternal(inst, "optout", (zod) => zod.def.innerType?._zod?.optout);
	inst._zod.parse = (payload, ctx) => {
		if (ctx.direction === "backward") return def.innerType._zod.run(payload, ctx);
		const result = def.innerType._zod.run(payload, ctx);
		if (result instanceof Promise) return result.then(handleReadonlyResult);
		return handleReadonlyResult(result);
	};
});
function handleReadonlyResult(payload) {
	if (!payload.memo) payload.value = Object.freeze(payload.value);
	return payload;
}
const $ZodCustom = /*@__PURE__*/ $constructor("$ZodCustom", (inst, def) => {
	$ZodCheck.init(inst, def);
	$ZodType.init(inst, def);
	inst._zod.parse = (payload, _) => {
		return payload;
	};
	inst._zod.check = (payload) => {
		const input = payload.value;
		const r = def.fn(input);
		if (r instanceof Promise) return r.then((r) => handleRefineResult(r, payload, input, inst));
		handleRefineResult(r, payload, input, inst);
	};
});
function handleRefineResult(result, payload, input, inst) {
	if (!result) {
		const _iss = {
			code: "custom",
			input,
			inst,
			path: [...inst._zod.def.path ?? []],
			continue: !inst._zod.def.abort
		};
		if (inst._zod.def.params) _iss.params = inst._zod.def.params;
		payload.issues.push(issue(_iss));
	}
}
// ../../node_modules/.pnpm/zod@4.6.7/node_modules/zod/v4/core/memoizer.js
var $ZodCyclicError = class extends Error {
	constructor() {
		super(`Cannot parse a reference cycle that closes through a transform`);
		this.name = "ZodCyclicError";
	}
};
/** Keyed off the context object every schema in one parse call already shares. */
const STATE = "~memo";
const NO_ISSUES = [];
function isRef(value) {
	return value !== null && typeof value === "object";
}
function cloneIssues(issues) {
	return issues.map((iss) => iss.path ? {
		...iss,
		path: iss.path.slice()
	} : { ...iss });
}
const recursive = /*@__PURE__*/ new WeakMap();
/** What the walk established, in order of certainty: ordered so the strongest answer among children wins. */
const NONE = 0;
const ASSUMED = 1;
const PROVEN = 2;
/** Whether this schema's subtree contains a cycle, so one parse can re-enter it. */
function isRecursive(inst, stack, resolve) {
	const cached = recursive.get(inst);
	if (cached !== void 0) return cached ? PROVEN : NONE;
	if (stack.has(inst)) return PROVEN;
	stack.add(inst);
	let result = NONE;
	const check = (child) => {
		if (result !== PROVEN && child?._zod) {
			const answer = isRecursive(child, stack, resolve);
			if (answer > result) result = answer;
		}
	};
	const shape = (sh, spread) => {
		let answer = NONE;
		for (const key of Reflect.ownKeys(sh)) {
			const desc = Object.getOwnPropertyDescriptor(sh, key);
			if (spread && !desc.enumerable) continue;
			const child = desc.get ? ASSUMED : desc.value?._zod ? isRecursive(desc.value, stack, resolve) : NONE;
			if (child > answer) answer = child;
		}
		return answer;
	};
	const merge = (answer) => {
		if (answer > result) result = answer;
	};
	const def = inst._zod.def;
	switch (def.type) {
		case "object": {
			const raw = rawShape(def);
			merge(raw ? shape(raw, true) : ASSUMED);
			check(def.catchall);
			break;
		}
		case "array":
			check(def.element);
			break;
		case "tuple":
			for (const el of def.items) check(el);
			check(def.rest);
			break;
		case "record":
		case "map":
			check(def.keyType);
			check(def.valueType);
			break;
		case "set":
			check(def.valueType);
			break;
		case "union":
			for (const el of def.options) check(el);
			break;
		case "intersection":
			check(def.left);
			check(def.right);
			break;
		case "optional":
		case "nullable":
		case "default":
		case "prefault":
		case "catch":
		case "readonly":
		case "nonoptional":
		case "promise":
		case "success":
			check(def.innerType);
			break;
		case "pipe":
			check(def.in);
			check(def.out);
			break;
		case "function":
			check(def.input);
			check(def.output);
			break;
		case "lazy": {
			const inner = def._cachedInner ?? (resolve ? inst._zod.innerType : void 0);
			merge(inner ? isRecursive(inner, stack, false) : ASSUMED);
			break;
		}
		case "template_literal":
		case "string":
		case "number":
		case "int":
		case "boolean":
		case "bigint":
		case "symbol":
		case "undefined":
		case "null":
		case "void":
		case "never":
		case "any":
		case "unknown":
		case "date":
		case "nan":
		case "enum":
		case "literal":
		case "file":
		case "transform":
		case "custom": break;
		default: for (const key in def) {
			const desc = Object.getOwnPropertyDescriptor(def, key);
			if (!desc || desc.get) continue;
			const value = desc.value;
			if (!value || typeof value !== "object") continue;
			if (value._zod) check(value);
			else if (Array.isArray(value)) for (const el of value) check(el);
		}
	}
	stack.delete(inst);
	return settle(inst, result);
}
/** An assumed answer must not outlive the resolution that settles it, so only a certain one is cached. */
function settle(inst, answer) {
	if (answer !== ASSUMED) recursive.set(inst, answer === PROVEN);
	return answer;
}
function bucketFor(state, inst) {
	let bucket = state.buckets.get(inst);
	if (!bucket) {
		bucket = /* @__PURE__ */ new WeakMap();
		state.buckets.set(inst, bucket);
	}
	return bucket;
}
let handoff;
const open$1 = [];
const memo = {
	alloc(_inst, payload, empty) {
		const bucket = handoff;
		if (!bucket) return empty;
		handoff = void 0;
		const entry = {
			value: empty,
			issues: null
		};
		bucket.set(payload.value, entry);
		open$1.push(entry);
		return empty;
	},
	guard(inst) {
		var _a;
		(_a = inst._zod).deferred ?? (_a.deferred = []);
		inst._zod.deferred.push(() => {
			const base = inst._zod.parse;
			const wrapped = (payload, ctx) => {
				if (ctx.direction !== "backward" && isBackEdge(ctx, payload.value)) throw new $ZodCyclicError();
				return base(payload, ctx);
			};
			inst._zod.parse = wrapped;
			if (inst._zod.run === base) inst._zod.run = wrapped;
		});
	},
	attach(inst) {
		var _a;
		let isRecursiveInst;
		let rechecked = false;
		let lastCtx;
		let lastBucket;
		(_a = inst._zod).deferred ?? (_a.deferred = []);
		inst._zod.deferred.push(() => {
			const base = inst._zod.parse;
			const wrapped = (payload, ctx) => {
				if (isRecursiveInst === void 0) {
					const walked = isRecursive(inst, /* @__PURE__ */ new Set(), false);
					if (walked === NONE) {
						inst._zod.parse = base;
						if (inst._zod.run === wrapped) inst._zod.run = base;
						return base(payload, ctx);
					}
					if (walked === PROVEN || rechecked) isRecursiveInst = true;
					else rechecked = true;
				}
				const input = payload.value;
				if (!isRef(input)) return base(payload, ctx);
				let state = ctx[STATE];
				if (!state) {
					state = {
						buckets: /* @__PURE__ */ new WeakMap(),
						backEdges: void 0
					};
					ctx[STATE] = state;
				}
				let bucket;
				if (lastCtx === ctx) bucket = lastBucket;
				else {
					bucket = bucketFor(state, inst);
					lastCtx = ctx;
					lastBucket = bucket;
				}
				const hit = bucket.get(input);
				if (hit) {
					payload.value = hit.value;
					if (hit.issues) {
						if (hit.issues.length) payload.issues.push(...cloneIssues(hit.issues));
					} else {
						payload.memo = true;
						state.backEdges ?? (state.backEdges = /* @__PURE__ */ new WeakSet());
						state.backEdges.add(hit.value);
					}
					return payload;
				}
				handoff = bucket;
				const depth = open$1.length;
				const result = base(payload, ctx);
				handoff = void 0;
				const entry = open$1.length > depth ? open$1.pop() : void 0;
				if (result instanceof Promise) return result.then((r) => {
					if (entry) entry.issues = r.issues.length ? cloneIssues(r.issues) : NO_ISSUES;
					return r;
				});
				if (entry) entry.issues = result.issues.length ? cloneIssues(result.issues) : NO_ISSUES;
				return result;
			};
			inst._zod.parse = wrapped;
			if (inst._zod.run === base) inst._zod.run = wrapped;
		});
	}
};
/** The memoizer that gives containers cycle support. `zod` installs it by default; `zod/mini` opts in with `config({ memoizer: memoizer() })`. */
function memoizer() {
	return memo;
}
/** Whether this value is a node a back-edge resolved to before it finished. */
function isBackEdge(ctx, value) {
	const backEdges = ctx[STATE]?.backEdges;
	return backEdges !== void 0 && isRef(value) && backEdges.has(value);
}
// ../../node_modules/.pnpm/zod@4.6.7/node_modules/zod/v4/locales/en.js
const error = () => {
	const Sizable = {
		string: {
			unit: "characters",
			verb: "to have"
		},
		file: {
			unit: "bytes",
			verb: "to have"
		},
		array: {
			unit: "items",
			verb: "to have"
		},
		set: {
			unit: "items",
			verb: "to have"
		},
		map: {
			unit: "entries",
			verb: "to have"
		}
	};
	function getSizing(origin) {
		return Sizable[origin] ?? null;
	}
	const FormatDictionary = {
		regex: "input",
		email: "email address",
		url: "URL",
		emoji: "emoji",
		uuid: "UUID",
		uuidv4: "UUIDv4",
		uuidv6: "UUIDv6",
		nanoid: "nanoid",
		guid: "GUID",
		cuid: "cuid",
		cuid2: "cuid2",
		ulid: "ULID",
		xid: "XID",
		ksuid: "KSUID",
		datetime: "ISO datetime",
		date: "ISO date",
		time: "ISO time",
		duration: "ISO duration",
		ipv4: "IPv4 address",
		ipv6: "IPv6 address",
		mac: "MAC address",
		cidrv4: "IPv4 range",
		cidrv6: "IPv6 range",
		base64: "base64-encoded string",
		base64url: "base64url-encoded string",
		json_string: "JSON string",
		e164: "E.164 number",
		currency_code: "currency code",
		credit_card: "credit card number",
		iban: "IBAN",
		jwt: "JWT",
		template_literal: "input"
	};
	const TypeDictionary = { nan: "NaN" };
	function getTypeName(type, input) {
		if (type === "number" && typeof input === "number" && !Number.isFinite(input)) return String(input);
		return TypeDictionary[type] ?? type;
	}
	return (issue) => {
		switch (issue.code) {
			case "invalid_type": return `Invalid input: expected ${getTypeName(issue.expected)}, received ${getTypeName(parsedType(issue.input), issue.input)}`;
			case "invalid_value":
				if (issue.values.length === 1) return `Invalid input: expected ${stringifyPrimitive(issue.values[0])}`;
				return `Invalid option: expected one of ${joinValues(issue.values, "|")}`;
			case "too_big": {
				const adj = issue.exact ? "exactly " : issue.inclusive ? "<=" : "<";
				const sizing = getSizing(issue.origin);
				if (sizing) return `Too big: expected ${issue.origin ?? "value"} to have ${adj}${issue.maximum.toString()} ${sizing.unit ?? "elements"}`;
				return `Too big: expected ${issue.origin ?? "value"} to be ${adj}${issue.maximum.toString()}`;
			}
			case "too_small": {
				const adj = issue.exact ? "exactly " : issue.inclusive ? ">=" : ">";
				const sizing = getSizing(issue.origin);
				if (sizing) return `Too small: expected ${issue.origin} to have ${adj}${issue.minimum.toString()} ${sizing.unit}`;
				return `Too small: expected ${issue.origin} to be ${adj}${issue.minimum.toString()}`;
			}
			case "invalid_format": {
				const _issue = issue;
				if (_issue.format === "starts_with") return `Invalid string: must start with "${_issue.prefix}"`;
				if (_issue.format === "ends_with") return `Invalid string: must end with "${_issue.suffix}"`;
				if (_issue.format === "includes") return `Invalid string: must include "${_issue.includes}"`;
				if (_issue.format === "regex") return `Invalid string: must match pattern ${_issue.pattern}`;
				return `Invalid ${FormatDictionary[_issue.format] ?? issue.format}`;
			}
			case "not_multiple_of": return `Invalid number: must be a multiple of ${issue.divisor}`;
			case "unrecognized_keys": return `Unrecognized key${issue.keys.length > 1 ? "s" : ""}: ${joinValues(issue.keys, ", ")}`;
			case "invalid_key": return `Invalid key in ${issue.origin}`;
			case "invalid_union":
				if (issue.options && Array.isArray(issue.options) && issue.options.length > 0) return `Invalid discriminator value. Expected ${issue.options.map((o) => `'${o}'`).join(" | ")}`;
				if (issue.inclusive === false) return "Invalid input: more than one option matched";
				return "Invalid input";
			case "invalid_element": return `Invalid value in ${issue.origin}`;
			default: return `Invalid input`;
		}
	};
};
function en_default() {
	return { localeError: error() };
}
// ../../node_modules/.pnpm/zod@4.6.7/node_modules/zod/v4/core/registries.js
var _a;
var $ZodRegistry = class {
	constructor() {
		this._map = /* @__PURE__ */ new WeakMap();
		this._idmap = /* @__PURE__ */ new Map();
	}
	add(schema, ..._meta) {
		const meta = _meta[0];
		this._map.set(schema, meta);
		if (meta && typeof meta === "object" && "id" in meta) this._idmap.set(meta.id, schema);
		return this;
	}
	clear() {
		this._map = /* @__PURE__ */ new WeakMap();
		this._idmap = /* @__PURE__ */ new Map();
		return this;
	}
	remove(schema) {
		const meta = this._map.get(schema);
		if (meta && typeof meta === "object" && "id" in meta) this._idmap.delete(meta.id);
		this._map.delete(schema);
		return this;
	}
	get(schema) {
		const p = schema._zod.parent;
		if (p) {
			const pm = { ...this.get(p) ?? {} };
			delete pm.id;
			const f = {
				...pm,
				...this._map.get(schema)
			};
			return Object.keys(f).length ? f : void 0;
		}
		return this._map.get(schema);
	}
	has(schema) {
		return this._map.has(schema);
	}
};
function registry() {
	return new $ZodRegistry();
}
(_a = globalThis).__zod_globalRegistry ?? (_a.__zod_globalRegistry = registry());
const globalRegistry = globalThis.__zod_globalRegistry;
// ../../node_modules/.pnpm/zod@4.6.7/node_modules/zod/v4/core/api.js
function snapshotChecks(def) {
	if (def.checks) def.checks = [...def.checks];
	return def;
}
// @__NO_SIDE_EFFECTS__
function _string(Class, params) {
	return new Class(snapshotChecks({
		type: "string",
		...normalizeParams(params)
	}));
}
// @__NO_SIDE_EFFECTS__
function _email(Class, params) {
	return new Class({
		type: "string",
		format: "email",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _guid(Class, params) {
	return new Class({
		type: "string",
		format: "guid",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _uuid(Class, params) {
	return new Class({
		type: "string",
		format: "uuid",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _uuidv4(Class, params) {
	return new Class({
		type: "string",
		format: "uuid",
		check: "string_format",
		abort: false,
		version: "v4",
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _uuidv6(Class, params) {
	return new Class({
		type: "string",
		format: "uuid",
		check: "string_format",
		abort: false,
		version: "v6",
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _uuidv7(Class, params) {
	return new Class({
		type: "string",
		format: "uuid",
		check: "string_format",
		abort: false,
		version: "v7",
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _url(Class, params) {
	return new Class({
		type: "string",
		format: "url",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _emoji(Class, params) {
	return new Class({
		type: "string",
		format: "emoji",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _nanoid(Class, params) {
	return new Class({
		type: "string",
		format: "nanoid",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
/**
* @deprecated CUID v1 is deprecated by its authors due to information leakage
* (timestamps embedded in the id). Use {@link _cuid2} instead.
* See https://github.com/paralleldrive/cuid.
*/
// @__NO_SIDE_EFFECTS__
function _cuid(Class, params) {
	return new Class({
		type: "string",
		format: "cuid",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _cuid2(Class, params) {
	return new Class({
		type: "string",
		format: "cuid2",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _ulid(Class, params) {
	return new Class({
		type: "string",
		format: "ulid",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _xid(Class, params) {
	return new Class({
		type: "string",
		format: "xid",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _ksuid(Class, params) {
	return new Class({
		type: "string",
		format: "ksuid",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _ipv4(Class, params) {
	return new Class({
		type: "string",
		format: "ipv4",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _ipv6(Class, params) {
	return new Class({
		type: "string",
		format: "ipv6",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _cidrv4(Class, params) {
	return new Class({
		type: "string",
		format: "cidrv4",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _cidrv6(Class, params) {
	return new Class({
		type: "string",
		format: "cidrv6",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _base64(Class, params) {
	return new Class({
		type: "string",
		format: "base64",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _base64url(Class, params) {
	return new Class({
		type: "string",
		format: "base64url",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _e164(Class, params) {
	return new Class({
		type: "string",
		format: "e164",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _jwt(Class, params) {
	return new Class({
		type: "string",
		format: "jwt",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _isoDateTime(Class, params) {
	return new Class({
		type: "string",
		format: "datetime",
		check: "string_format",
		offset: false,
		local: false,
		precision: null,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _isoDate(Class, params) {
	return new Class({
		type: "string",
		format: "date",
		check: "string_format",
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _isoTime(Class, params) {
	return new Class({
		type: "string",
		format: "time",
		check: "string_format",
		precision: null,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _isoDuration(Class, params) {
	return new Class({
		type: "string",
		format: "duration",
		check: "string_format",
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _number(Class, params) {
	return new Class(snapshotChecks({
		type: "number",
		checks: [],
		...normalizeParams(params)
	}));
}
// @__NO_SIDE_EFFECTS__
function _int(Class, params) {
	return new Class({
		type: "number",
		check: "number_format",
		abort: false,
		format: "safeint",
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _boolean(Class, params) {
	return new Class({
		type: "boolean",
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _unknown(Class) {
	return new Class({ type: "unknown" });
}
// @__NO_SIDE_EFFECTS__
function _never(Class, params) {
	return new Class({
		type: "never",
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _lt(value, params) {
	return new $ZodCheckLessThan({
		check: "less_than",
		...normalizeParams(params),
		value,
		inclusive: false
	});
}
// @__NO_SIDE_EFFECTS__
function _lte(value, params) {
	return new $ZodCheckLessThan({
		check: "less_than",
		...normalizeParams(params),
		value,
		inclusive: true
	});
}
// @__NO_SIDE_EFFECTS__
function _gt(value, params) {
	return new $ZodCheckGreaterThan({
		check: "greater_than",
		...normalizeParams(params),
		value,
		inclusive: false
	});
}
// @__NO_SIDE_EFFECTS__
function _gte(value, params) {
	return new $ZodCheckGreaterThan({
		check: "greater_than",
		...normalizeParams(params),
		value,
		inclusive: true
	});
}
// @__NO_SIDE_EFFECTS__
function _multipleOf(value, params) {
	return new $ZodCheckMultipleOf({
		check: "multiple_of",
		...normalizeParams(params),
		value
	});
}
// @__NO_SIDE_EFFECTS__
function _maxLength(maximum, params) {
	return new $ZodCheckMaxLength({
		check: "max_length",
		...normalizeParams(params),
		maximum
	});
}
// @__NO_SIDE_EFFECTS__
function _minLength(minimum, params) {
	return new $ZodCheckMinLength({
		check: "min_length",
		...normalizeParams(params),
		minimum
	});
}
// @__NO_SIDE_EFFECTS__
function _length(length, params) {
	return new $ZodCheckLengthEquals({
		check: "length_equals",
		...normalizeParams(params),
		length
	});
}
// @__NO_SIDE_EFFECTS__
function _regex(pattern, params) {
	return new $ZodCheckRegex({
		check: "string_format",
		format: "regex",
		...normalizeParams(params),
		pattern
	});
}
// @__NO_SIDE_EFFECTS__
function _lowercase(params) {
	return new $ZodCheckLowerCase({
		check: "string_format",
		format: "lowercase",
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _uppercase(params) {
	return new $ZodCheckUpperCase({
		check: "string_format",
		format: "uppercase",
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _includes(includes, params) {
	return new $ZodCheckIncludes({
		check: "string_format",
		format: "includes",
		...normalizeParams(params),
		includes
	});
}
// @__NO_SIDE_EFFECTS__
function _startsWith(prefix, params) {
	return new $ZodCheckStartsWith({
		check: "string_format",
		format: "starts_with",
		...normalizeParams(params),
		prefix
	});
}
// @__NO_SIDE_EFFECTS__
function _endsWith(suffix, params) {
	return new $ZodCheckEndsWith({
		check: "string_format",
		format: "ends_with",
		...normalizeParams(params),
		suffix
	});
}
// @__NO_SIDE_EFFECTS__
function _overwrite(tx) {
	return new $ZodCheckOverwrite({
		check: "overwrite",
		tx
	});
}
// @__NO_SIDE_EFFECTS__
function _normalize(form) {
	return /* @__PURE__ */ _overwrite((input) => input.normalize(form));
}
// @__NO_SIDE_EFFECTS__
function _trim() {
	return /* @__PURE__ */ _overwrite((input) => input.trim());
}
// @__NO_SIDE_EFFECTS__
function _toLowerCase() {
	return /* @__PURE__ */ _overwrite((input) => input.toLowerCase());
}
// @__NO_SIDE_EFFECTS__
function _toUpperCase() {
	return /* @__PURE__ */ _overwrite((input) => input.toUpperCase());
}
// @__NO_SIDE_EFFECTS__
function _slugify() {
	return /* @__PURE__ */ _overwrite((input) => slugify(input));
}
// @__NO_SIDE_EFFECTS__
function _array(Class, element, params) {
	return new Class({
		type: "array",
		element,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _refine(Class, fn, _params) {
	return new Class({
		type: "custom",
		check: "custom",
		fn,
		...normalizeParams(_params)
	});
}
// @__NO_SIDE_EFFECTS__
function _superRefine(fn, params) {
	const ch = /* @__PURE__ */ _check((payload) => {
		payload.addIssue = (issue$2) => {
			if (typeof issue$2 === "string") payload.issues.push(issue(issue$2, payload.value, ch._zod.def));
			else {
				const _issue = issue$2;
				if (_issue.fatal) _issue.continue = false;
				_issue.code ?? (_issue.code = "custom");
				if (!("input" in _issue)) _issue.input = payload.value;
				_issue.inst ?? (_issue.inst = ch);
				_issue.continue ?? (_issue.continue = !ch._zod.def.abort);
				payload.issues.push(issue(_issue));
			}
		};
		return fn(payload.value, payload);
	}, params);
	return ch;
}
// @__NO_SIDE_EFFECTS__
function _check(fn, params) {
	const ch = new $ZodCheck({
		check: "custom",
		...normalizeParams(params)
	});
	ch._zod.check = fn;
	return ch;
}
// ../../node_modules/.pnpm/zod@4.6.7/node_modules/zod/v4/core/to-json-schema.js
function assignProps(target, ...sources) {
	for (const source of sources) for (const key of Reflect.ownKeys(source)) if (Object.prototype.propertyIsEnumerable.call(source, key)) assignProp(target, key, source[key]);
	return target;
}
function initializeContext(params) {
	let target = params?.target ?? "draft-2020-12";
	if (target === "draft-4") target = "draft-04";
	if (target === "draft-7") target = "draft-07";
	return {
		processors: params.processors ?? {},
		metadataRegistry: params?.metadata ?? globalRegistry,
		target,
		unrepresentable: params?.unrepresentable ?? "throw",
		override: params?.override ?? (() => {}),
		io: params?.io ?? "output",
		counter: 0,
		seen: /* @__PURE__ */ new Map(),
		sharedDefsExtractedFor: void 0,
		sharedEmitDoneFor: void 0,
		cycles: params?.cycles ?? "ref",
		reused: params?.reused ?? "inline",
		intersections: [],
		deferred: [],
		external: params?.external ?? void 0
	};
}
/**
* Applies the `unrepresentable` setting at a site that has no JSON Schema equivalent. Throws
* `message` unless the setting (or the handler's return value) says otherwise. Returns `true` if a
* custom JSON Schema was written into `json`, in which case the caller must not write its own.
*/
function handleUnrepresentable(schema, ctx, json, params, message) {
	const result = typeof ctx.unrepresentable === "function" ? ctx.unrepresentable({
		zodSchema: schema,
		path: params.path,
		message
	}) : ctx.unrepresentable;
	if (result === "any") return false;
	if (result === void 0 || result === "throw") throw new Error(message);
	Object.assign(json, result);
	return true;
}
function processSchema(schema, ctx, _params = {
	path: [],
	schemaPath: []
}) {
	var _a;
	const def = schema._zod.def;
	const seen = ctx.seen.get(schema);
	if (seen) {
		seen.count++;
		if (_params.schemaPath.includes(schema)) seen.cycle = _params.path;
		return seen.schema;
	}
	const result = {
		schema: {},
		count: 1,
		cycle: void 0,
		path: _params.path
	};
	ctx.seen.set(schema, result);
	ctx.sharedDefsExtractedFor = void 0;
	ctx.sharedEmitDoneFor = void 0;
	const overrideSchema = schema._zod.toJSONSchema?.();
	if (overrideSchema) result.schema = overrideSchema;
	else {
		const params = {
			..._params,
			schemaPath: [..._params.schemaPath, schema],
			path: _params.path
		};
		if (schema._zod.processJSONSchema) schema._zod.processJSONSchema(ctx, result.schema, params);
		else {
			const _json = result.schema;
			const processor = ctx.processors[def.type];
			if (!processor) throw new Error(`[toJSONSchema]: Non-representable type encountered: ${def.type}`);
			processor(schema, ctx, _json, params);
		}
		const parent = schema._zod.parent;
		if (parent) {
			if (!result.ref) result.ref = parent;
			processSchema(parent, ctx, params);
			ctx.seen.get(parent).isParent = true;
		}
	}
	const meta = ctx.metadataRegistry.get(schema);
	if (meta) assignProps(result.schema, meta);
	if (ctx.io === "input" && isTransforming(schema)) {
		delete result.schema.examples;
		delete result.schema.default;
	}
	if (ctx.io === "input" && "_prefault" in result.schema) (_a = result.schema).default ?? (_a.default = result.schema._prefault);
	delete result.schema._prefault;
	return ctx.seen.get(schema).schema;
}
function encodeJSONPointerSegment(segment) {
	return segment.replace(/~/g, "~0").replace(/\//g, "~1");
}
function extractDefs(ctx, schema) {
	const root = ctx.seen.get(schema);
	if (!root) throw new Error("Unprocessed schema. This is a bug in Zod.");
	if (ctx.external && ctx.sharedDefsExtractedFor === ctx.external) return;
	const idToSchema = /* @__PURE__ */ new Map();
	for (const entry of ctx.seen.entries()) {
		const id = ctx.metadataRegistry.get(entry[0])?.id;
		if (id) {
			const existing = idToSchema.get(id);
			if (existing && existing !== entry[0]) throw new Error(`Duplicate schema id "${id}" detected during JSON Schema conversion. Two different schemas cannot share the same id when converted together.`);
			idToSchema.set(id, entry[0]);
		}
	}
	const makeURI = (entry) => {
		const defsSegment = ctx.target === "draft-2020-12" ? "$defs" : "definitions";
		if (ctx.external) {
			const externalId = ctx.external.registry.get(entry[0])?.id;
			const uriGenerator = ctx.external.uri ?? ((id) => id);
			if (externalId) return { ref: uriGenerator(externalId) };
			const id = entry[1].defId ?? entry[1].schema.id ?? `schema${ctx.counter++}`;
			entry[1].defId = id;
			return {
				defId: id,
				ref: `${uriGenerator("__shared")}#/${defsSegment}/${encodeJSONPointerSegment(id)}`
			};
		}
		const uriPrefix = `#`;
		const defUriPrefix = `${uriPrefix}/${defsSegment}/`;
		if (entry[1] === root && !entry[1].schema.id) return { ref: uriPrefix };
		const defId = entry[1].schema.id ?? `__schema${ctx.counter++}`;
		return {
			defId,
			ref: defUriPrefix + encodeJSONPointerSegment(defId)
		};
	};
	const extractToDef = (entry) => {
		if (entry[1].schema.$ref) return;
		const seen = entry[1];
		const { ref, defId } = makeURI(entry);
		seen.def = { ...seen.schema };
		if (defId) seen.defId = defId;
		const schema = seen.schema;
		for (const key in schema) delete schema[key];
		schema.$ref = ref;
	};
	if (ctx.cycles === "throw") for (const entry of ctx.seen.entries()) {
		const seen = entry[1];
		if (seen.cycle) throw new Error(`Cycle detected: #/${seen.cycle?.join("/")}/<root>

Set the \`cycles\` parameter to \`"ref"\` to resolve cyclical schemas with defs.`);
	}
	for (const entry of ctx.seen.entries()) {
		const seen = entry[1];
		if (schema === entry[0]) {
			extractToDef(entry);
			continue;
		}
		if (ctx.external) {
			const ext = ctx.external.registry.get(entry[0])?.id;
			if (schema !== entry[0] && ext) {
				extractToDef(entry);
				continue;
			}
		}
		if (ctx.metadataRegistry.get(entry[0])?.id) {
			extractToDef(entry);
			continue;
		}
		if (seen.cycle) {
			extractToDef(entry);
			continue;
		}
		if (seen.count > 1) {
			if (ctx.reused === "ref") extractToDef(entry);
		}
	}
	if (ctx.external) ctx.sharedDefsExtractedFor = ctx.external;
}
/** Rewrites `anyOf: [{type: "a"}, {type: "b"}]` to `type: ["a", "b"]`, which every JSON Schema draft treats as equivalent and most consumers render far better for the nullable case. Only branches that are a bare type assertion qualify — anything carrying a constraint, `$ref`, `const` or metadata is left alone. Runs after `flattenRef`, so a branch an override decorated or `$defs` extraction turned into a `$ref` is no longer bare and correctly stays in `anyOf`. `oneOf` is excluded: `integer` and `number` overlap, so "exactly one" and "at least one" are not the same there. OpenAPI 3.0 is excluded: its `type` must be a single string. */
function compactTypeUnion(schema) {
	const options = schema.anyOf;
	if (!Array.isArray(options) || options.length === 0 || schema.type !== void 0) return;
	const types = [];
	for (const option of options) {
		if (!option || typeof option !== "object") return;
		compactTypeUnion(option);
		const keys = Object.keys(option);
		if (keys.length !== 1 || keys[0] !== "type") return;
		const type = option.type;
		for (const member of Array.isArray(type) ? type : [type]) {
			if (typeof member !== "string") return;
			if (!types.includes(member)) types.push(member);
		}
	}
	delete schema.anyOf;
	schema.type = types.length === 1 ? types[0] : types;
}
/** Keywords `foldIntersection` knows how to combine. Anything else — `$ref`, `patternProperties`,
* an annotation like `description` — makes a member unfoldable, so a constraint this does not
* understand leaves the `allOf` alone instead of being silently dropped or misattributed. */
const FOLDABLE_KEYS = /* @__PURE__ */ new Set([
	"type",
	"properties",
	"required",
	"additionalProperties"
]);
const UNION_KEYS = ["oneOf", "anyOf"];
/** A member's constraint on a key it does not declare itself. A `catchall` states one; `false`, an absent `additionalProperties`, and the empty schema a loose object emits state nothing. */
function undeclaredConstraint(member) {
	const extra = member.additionalProperties;
	if (extra === void 0 || extra === false || typeof extra !== "object" || extra === null) return null;
	return Object.keys(extra).length ? extra : null;
}
/** Combines object members into the single object they describe together, or returns `null` if any of them carries a keyword outside {@link FOLDABLE_KEYS}. */
function foldObjects(members) {
	const objects = [];
	for (const member of members) {
		if (typeof member !== "object" || member.type !== "object") return null;
		for (const key in member) if (!FOLDABLE_KEYS.has(key)) return null;
		objects.push(member);
	}
	const properties = {};
	const required = /* @__PURE__ */ new Set();
	for (const object of objects) {
		for (const key in object.properties) {
			if (Object.prototype.hasOwnProperty.call(properties, key)) continue;
			const parts = [];
			for (const other of objects) {
				const part = other.properties?.[key] ?? undeclaredConstraint(other);
				if (part === null || part === void 0) continue;
				if (!parts.some((seen) => JSON.stringify(seen) === JSON.stringify(part))) parts.push(part);
			}
			assignProp(properties, key, parts.length === 1 ? parts[0] : foldObjects(parts) ?? { allOf: parts });
		}
		for (const key of object.required ?? []) required.add(key);
	}
	const folded = {
		type: "object",
		properties
	};
	if (required.size) folded.required = [...required];
	if (objects.every((object) => object.additionalProperties === false)) folded.additionalProperties = false;
	else {
		const constraints = [];
		for (const object of objects) {
			const constraint = undeclaredConstraint(object);
			if (constraint && !constraints.some((seen) => JSON.stringify(seen) === JSON.stringify(constraint))) constraints.push(constraint);
		}
		if (constraints.length === 1) folded.additionalProperties = constraints[0];
		else if (constraints.length > 1) folded.additionalProperties = { allOf: constraints };
	}
	return folded;
}
/** `additionalProperties` in an `allOf` member sees only that member's own `properties`, so two
* closed object members reject each other's keys and the schema validates nothing. Zod's parser
* pools the key sets instead — `handleIntersectionResults` reports a key as unrecognized only when
* *every* side rejects it — so the emitted schema has to pool them too, and folding the members
* into one object is the encoding that says so on every target.
*
* This runs from `finalize`, after `extractDefs`, which is what keeps it clear of the `$ref`
* machinery: a member extracted into `$defs` is already a `$ref` by now and declines to fold, so it
* keeps its reference and its own closedness rather than being inlined as a stale copy. */
function foldIntersection(json) {
	const allOf = json.allOf;
	if (!Array.isArray(allOf) || allOf.length < 2) return;
	for (const key of FOLDABLE_KEYS) if (key in json) return;
	const unions = allOf.filter((m) => UNION_KEYS.some((k) => Array.isArray(m[k])));
	let folded = null;
	if (!unions.length) folded = foldObjects(allOf);
	else {
		const union = unions[0];
		const keyword = UNION_KEYS.find((k) => Array.isArray(union[k]));
		if (Object.keys(union).length !== 1) return;
		const rest = allOf.filter((m) => m !== union);
		const branches = union[keyword].map((branch) => foldObjects([...rest, branch]));
		if (branches.some((b) => !b)) return;
		folded = { [keyword]: branches };
	}
	if (!folded) return;
	delete json.allOf;
	assignProps(json, folded);
}
function finalize(ctx, schema) {
	const root = ctx.seen.get(schema);
	if (!root) throw new Error("Unprocessed schema. This is a bug in Zod.");
	const flattenRef = (zodSchema) => {
		const seen = ctx.seen.get(zodSchema);
		if (seen.ref === null) return;
		const schema = seen.def ?? seen.schema;
		const _cached = { ...schema };
		const ref = seen.ref;
		seen.ref = null;
		if (ref) {
			flattenRef(ref);
			const refSeen = ctx.seen.get(ref);
			const refSchema = refSeen.schema;
			if (refSchema.$ref && (ctx.target === "draft-07" || ctx.target === "draft-04" || ctx.target === "openapi-3.0")) {
				schema.allOf = schema.allOf ?? [];
				schema.allOf.push(refSchema);
			} else assignProps(schema, refSchema);
			assignProps(schema, _cached);
			if (zodSchema._zod.parent === ref) for (const key in schema) {
				if (key === "$ref" || key === "allOf") continue;
				if (!(key in _cached)) delete schema[key];
			}
			if (refSchema.$ref && refSeen.def) for (const key in schema) {
				if (key === "$ref" || key === "allOf") continue;
				if (key in refSeen.def && JSON.stringify(schema[key]) === JSON.stringify(refSeen.def[key])) delete schema[key];
			}
		}
		const parent = zodSchema._zod.parent;
		if (parent && parent !== ref) {
			flattenRef(parent);
			const parentSeen = ctx.seen.get(parent);
			if (parentSeen?.schema.$ref) {
				schema.$ref = parentSeen.schema.$ref;
				if (parentSeen.def) for (const key in schema) {
					if (key === "$ref" || key === "allOf") continue;
					if (key in parentSeen.def && JSON.stringify(schema[key]) === JSON.stringify(parentSeen.def[key])) delete schema[key];
				}
			}
		}
		ctx.override({
			zodSchema,
			jsonSchema: schema,
			path: seen.path ?? []
		});
	};
	if (!ctx.external || ctx.sharedEmitDoneFor !== ctx.external) {
		for (const entry of [...ctx.seen.entries()].reverse()) flattenRef(entry[0]);
		if (ctx.target !== "openapi-3.0") for (const entry of ctx.seen.entries()) compactTypeUnion(entry[1].def ?? entry[1].schema);
		for (const rewrite of ctx.deferred) rewrite();
		if (ctx.intersections.length) {
			const carriers = /* @__PURE__ */ new Map();
			for (const seen of ctx.seen.values()) for (const json of [seen.schema, seen.def]) {
				const allOf = json?.allOf;
				if (!Array.isArray(allOf)) continue;
				const existing = carriers.get(allOf);
				if (existing) existing.push(json);
				else carriers.set(allOf, [json]);
			}
			for (const allOf of ctx.intersections) for (const json of carriers.get(allOf) ?? []) foldIntersection(json);
		}
	}
	const result = {};
	if (ctx.target === "draft-2020-12") result.$schema = "https://json-schema.org/draft/2020-12/schema";
	else if (ctx.target === "draft-07") result.$schema = "http://json-schema.org/draft-07/schema#";
	else if (ctx.target === "draft-04") result.$schema = "http://json-schema.org/draft-04/schema#";
	else if (ctx.target === "openapi-3.0") {}
	if (ctx.external?.uri) {
		const id = ctx.external.registry.get(schema)?.id;
		if (!id) throw new Error("Schema is missing an `id` property");
		result.$id = ctx.external.uri(id);
	}
	assignProps(result, root.defId ? root.schema : root.def ?? root.schema);
	const rootMetaId = ctx.metadataRegistry.get(schema)?.id;
	if (rootMetaId !== void 0 && result.id === rootMetaId) delete result.id;
	const defs = ctx.external?.defs ?? {};
	if (!ctx.external || ctx.sharedEmitDoneFor !== ctx.external) for (const entry of ctx.seen.entries()) {
		const seen = entry[1];
		if (seen.def && seen.defId) {
			if (seen.def.id === seen.defId) delete seen.def.id;
			assignProp(defs, seen.defId, seen.def);
		}
	}
	if (ctx.external) ctx.sharedEmitDoneFor = ctx.external;
	if (ctx.external) {} else if (Object.keys(defs).length > 0) {
		if (ctx.target === "draft-2020-12") result.$defs = defs;
		else result.definitions = defs;
	}
	try {
		const finalized = JSON.parse(JSON.stringify(result));
		Object.defineProperty(finalized, "~standard", {
			value: {
				...schema["~standard"],
				jsonSchema: {
					input: createStandardJSONSchemaMethod(schema, "input", ctx.processors),
					output: createStandardJSONSchemaMethod(schema, "output", ctx.processors)
				}
			},
			enumerable: false,
			writable: false
		});
		return finalized;
	} catch (_err) {
		throw new Error("Error converting schema to JSON.");
	}
}
function isTransforming(_schema, _ctx) {
	const ctx = _ctx ?? { seen: /* @__PURE__ */ new Set() };
	if (ctx.seen.has(_schema)) return false;
	ctx.seen.add(_schema);
	const def = _schema._zod.def;
	if (def.type === "transform") return true;
	if (def.type === "array") return isTransforming(def.element, ctx);
	if (def.type === "set") return isTransforming(def.valueType, ctx);
	if (def.type === "lazy") return isTransforming(def.getter(), ctx);
	if (def.type === "promise" || def.type === "optional" || def.type === "nonoptional" || def.type === "nullable" || def.type === "readonly" || def.type === "default" || def.type === "prefault" || def.type === "catch") return isTransforming(def.innerType, ctx);
	if (def.type === "intersection") return isTransforming(def.left, ctx) || isTransforming(def.right, ctx);
	if (def.type === "record" || def.type === "map") return isTransforming(def.keyType, ctx) || isTransforming(def.valueType, ctx);
	if (def.type === "pipe") {
		if (_schema._zod.traits.has("$ZodCodec")) return true;
		return isTransforming(def.in, ctx) || isTransforming(def.out, ctx);
	}
	if (def.type === "object") {
		for (const key in def.shape) if (isTransforming(def.shape[key], ctx)) return true;
		return false;
	}
	if (def.type === "union") {
		for (const option of def.options) if (isTransforming(option, ctx)) return true;
		return false;
	}
	if (def.type === "tuple") {
		for (const item of def.items) if (isTransforming(item, ctx)) return true;
		if (def.rest && isTransforming(def.rest, ctx)) return true;
		return false;
	}
	return false;
}
/**
* Creates a toJSONSchema method for a schema instance.
* This encapsulates the logic of initializing context, processing, extracting defs, and finalizing.
*/
const createToJSONSchemaMethod = (schema, processors = {}) => (params) => {
	const ctx = initializeContext({
		...params,
		processors
	});
	processSchema(schema, ctx);
	extractDefs(ctx, schema);
	return finalize(ctx, schema);
};
const createStandardJSONSchemaMethod = (schema, io, processors = {}) => (params) => {
	const { libraryOptions, target } = params ?? {};
	const ctx = initializeContext({
		...libraryOptions ?? {},
		target,
		io,
		processors
	});
	processSchema(schema, ctx);
	extractDefs(ctx, schema);
	return finalize(ctx, schema);
};
// ../../node_modules/.pnpm/zod@4.6.7/node_modules/zod/v4/core/json-schema-processors.js
const narrowMin = (agg, key, value) => {
	if (agg[key] === void 0 || value > agg[key]) agg[key] = value;
};
const narrowMax = (agg, key, value) => {
	if (agg[key] === void 0 || value < agg[key]) agg[key] = value;
};
const narrowBoth = (agg, value) => {
	narrowMin(agg, "minimum", value);
	narrowMax(agg, "maximum", value);
};
const addDivisor = (agg, value) => {
	agg.multipleOf ?? (agg.multipleOf = []);
	if (!agg.multipleOf.includes(value)) agg.multipleOf.push(value);
};
const addPattern = (agg, pattern) => {
	agg.patterns ?? (agg.patterns = /* @__PURE__ */ new Set());
	agg.patterns.add(pattern);
};
const intersectMime = (agg, mime) => {
	agg.mime = agg.mime ? agg.mime.filter((m) => mime.includes(m)) : [...mime];
};
const setFormat = (agg, format) => {
	agg.format = format;
	if (format.includes("int")) agg.isInt = true;
};
const minContributor = (agg, def) => narrowMin(agg, "minimum", def.minimum);
const maxContributor = (agg, def) => narrowMax(agg, "maximum", def.maximum);
const formatContributor = (ranges) => (agg, def) => {
	setFormat(agg, def.format);
	const [minimum, maximum] = ranges[def.format];
	narrowMin(agg, "minimum", minimum);
	narrowMax(agg, "maximum", maximum);
};
const contributors = {
	greater_than: (agg, def) => narrowMin(agg, def.inclusive ? "minimum" : "exclusiveMinimum", def.value),
	less_than: (agg, def) => narrowMax(agg, def.inclusive ? "maximum" : "exclusiveMaximum", def.value),
	multiple_of: (agg, def) => addDivisor(agg, def.value),
	number_format: formatContributor(NUMBER_FORMAT_RANGES),
	bigint_format: formatContributor(BIGINT_FORMAT_RANGES),
	min_length: minContributor,
	max_length: maxContributor,
	length_equals: (agg, def) => narrowBoth(agg, def.length),
	min_size: minContributor,
	max_size: maxContributor,
	size_equals: (agg, def) => narrowBoth(agg, def.size),
	string_format: (agg, def) => {
		setFormat(agg, def.format);
		if (def.pattern) addPattern(agg, def.pattern);
		if (def.format === "base64" || def.format === "base64url") agg.contentEncoding = def.format;
		if (def.local || def.precision === -1) agg.laxFormat = true;
	},
	mime_type: (agg, def) => intersectMime(agg, def.mime)
};
function aggregateChecks(schema) {
	const agg = {};
	const def = schema._zod.def;
	const list = schema._zod.traits.has("$ZodCheck") ? [schema, ...def.checks ?? []] : def.checks ?? [];
	for (const ch of list) contributors[ch._zod.def.check]?.(agg, ch._zod.def);
	const bag = schema._zod.bag;
	if (bag.minimum !== void 0) narrowMin(agg, "minimum", bag.minimum);
	if (bag.exclusiveMinimum !== void 0) narrowMin(agg, "exclusiveMinimum", bag.exclusiveMinimum);
	if (bag.maximum !== void 0) narrowMax(agg, "maximum", bag.maximum);
	if (bag.exclusiveMaximum !== void 0) narrowMax(agg, "exclusiveMaximum", bag.exclusiveMaximum);
	if (bag.multipleOf !== void 0) addDivisor(agg, bag.multipleOf);
	if (bag.format !== void 0) {
		agg.format ?? (agg.format = bag.format);
		if (bag.format.includes("int")) agg.isInt = true;
	}
	if (bag.mime) intersectMime(agg, bag.mime);
	for (const pattern of bag.patterns ?? []) addPattern(agg, pattern);
	return agg;
}
const formatMap = {
	guid: "uuid",
	url: "uri",
	datetime: "date-time",
	json_string: "json-string",
	regex: ""
};
const exactPatterns = /* @__PURE__ */ new Map([[base64Charset, base64], [base64urlCharset, base64url]]);
const exactPattern = (p) => exactPatterns.get(p) ?? p;
const stringProcessor = (schema, ctx, _json, _params) => {
	const json = _json;
	json.type = "string";
	const { minimum, maximum, format, patterns, contentEncoding, laxFormat } = aggregateChecks(schema);
	if (typeof minimum === "number") json.minLength = minimum;
	if (typeof maximum === "number") json.maxLength = maximum;
	if (format) {
		json.format = formatMap[format] ?? format;
		if (json.format === "") delete json.format;
		if (format === "time" || laxFormat) delete json.format;
	}
	if (contentEncoding) json.contentEncoding = contentEncoding;
	if (patterns && patterns.size > 0) {
		const patternList = [...patterns].map(exactPattern);
		if (patternList.length === 1) json.pattern = patternList[0].source;
		else if (patternList.length > 1) json.allOf = [...patternList.map((regex) => ({
			...ctx.target === "draft-07" || ctx.target === "draft-04" || ctx.target === "openapi-3.0" ? { type: "string" } : {},
			pattern: regex.source
		}))];
	}
};
const numberProcessor = (schema, ctx, _json, params) => {
	const json = _json;
	const { minimum, maximum, multipleOf, exclusiveMaximum, exclusiveMinimum, isInt } = aggregateChecks(schema);
	json.type = isInt ? "integer" : "number";
	const exMin = typeof exclusiveMinimum === "number" && exclusiveMinimum >= (minimum ?? Number.NEGATIVE_INFINITY);
	const exMax = typeof exclusiveMaximum === "number" && exclusiveMaximum <= (maximum ?? Number.POSITIVE_INFINITY);
	const legacy = ctx.target === "draft-04" || ctx.target === "openapi-3.0";
	if (exMin) {
		if (legacy) {
			json.minimum = exclusiveMinimum;
			json.exclusiveMinimum = true;
		} else json.exclusiveMinimum = exclusiveMinimum;
	} else if (typeof minimum === "number") json.minimum = minimum;
	if (exMax) {
		if (legacy) {
			json.maximum = exclusiveMaximum;
			json.exclusiveMaximum = true;
		} else json.exclusiveMaximum = exclusiveMaximum;
	} else if (typeof maximum === "number") json.maximum = maximum;
	if (multipleOf) {
		const divisors = /* @__PURE__ */ new Set();
		for (const divisor of multipleOf) if (Number.isFinite(divisor) && divisor !== 0) divisors.add(Math.abs(divisor));
		else handleUnrepresentable(schema, ctx, json, params, `A multipleOf divisor of ${divisor} cannot be represented in JSON Schema`);
		const [first, ...rest] = divisors;
		if (first !== void 0) json.multipleOf = first;
		if (rest.length) json.allOf = [...json.allOf ?? [], ...rest.map((m) => ({ multipleOf: m }))];
	}
};
const booleanProcessor = (_schema, _ctx, json, _params) => {
	json.type = "boolean";
};
const neverProcessor = (_schema, _ctx, json, _params) => {
	json.not = {};
};
const enumProcessor = (schema, _ctx, json, _params) => {
	const def = schema._zod.def;
	const values = getEnumValues(def.entries);
	if (values.length === 0) {
		json.not = {};
		return;
	}
	if (values.every((v) => typeof v === "number")) json.type = "number";
	if (values.every((v) => typeof v === "string")) json.type = "string";
	json.enum = values;
};
const literalProcessor = (schema, ctx, json, params) => {
	const def = schema._zod.def;
	if (def.values.length === 0) {
		json.not = {};
		return;
	}
	const vals = [];
	for (const val of def.values) if (val === void 0) {
		if (handleUnrepresentable(schema, ctx, json, params, "Literal `undefined` cannot be represented in JSON Schema")) return;
	} else if (typeof val === "bigint") {
		if (handleUnrepresentable(schema, ctx, json, params, "BigInt literals cannot be represented in JSON Schema")) return;
		vals.push(Number(val));
	} else vals.push(val);
	if (vals.length === 0) {} else if (vals.length === 1) {
		const val = vals[0];
		json.type = val === null ? "null" : typeof val;
		if (ctx.target === "draft-04" || ctx.target === "openapi-3.0") json.enum = [val];
		else json.const = val;
	} else {
		if (vals.every((v) => typeof v === "number")) json.type = "number";
		if (vals.every((v) => typeof v === "string")) json.type = "string";
		if (vals.every((v) => typeof v === "boolean")) json.type = "boolean";
		if (vals.every((v) => v === null)) json.type = "null";
		json.enum = vals;
	}
};
const customProcessor = (schema, ctx, json, params) => {
	handleUnrepresentable(schema, ctx, json, params, "Custom types cannot be represented in JSON Schema");
};
const transformProcessor = (schema, ctx, json, params) => {
	handleUnrepresentable(schema, ctx, json, params, "Transforms cannot be represented in JSON Schema");
};
const arrayProcessor = (schema, ctx, _json, params) => {
	const json = _json;
	const def = schema._zod.def;
	const { minimum, maximum } = aggregateChecks(schema);
	if (typeof minimum === "number") json.minItems = minimum;
	if (typeof maximum === "number") json.maxItems = maximum;
	json.type = "array";
	json.items = processSchema(def.element, ctx, {
		...params,
		path: [...params.path, "items"]
	});
};
function inputOptin(schema) {
	const def = schema._zod.def;
	if (def.type === "pipe" && def.in._zod.traits.has("$ZodTransform")) return inputOptin(def.out);
	if (def.type === "catch") return inputOptin(def.innerType);
	return schema._zod.optin;
}
const objectProcessor = (schema, ctx, _json, params) => {
	const json = _json;
	const def = schema._zod.def;
	const shape = def.shape;
	if (Object.getOwnPropertySymbols(shape).length && handleUnrepresentable(schema, ctx, json, params, "Symbol keys cannot be represented in JSON Schema")) return;
	json.type = "object";
	json.properties = {};
	for (const key in shape) assignProp(json.properties, key, processSchema(shape[key], ctx, {
		...params,
		path: [
			...params.path,
			"properties",
			key
		]
	}));
	const requiredKeys = [];
	for (const key of Object.keys(shape)) {
		const field = def.shape[key];
		if (ctx.io === "input" ? inputOptin(field) === void 0 : field._zod.optout === void 0) requiredKeys.push(key);
	}
	if (requiredKeys.length > 0) json.required = requiredKeys;
	if (def.catchall?._zod.def.type === "never") json.additionalProperties = false;
	else if (!def.catchall) {
		if (ctx.io === "output") json.additionalProperties = false;
	} else if (def.catchall) json.additionalProperties = processSchema(def.catchall, ctx, {
		...params,
		path: [...params.path, "additionalProperties"]
	});
};
const unionProcessor = (schema, ctx, json, params) => {
	const def = schema._zod.def;
	const isExclusive = def.inclusive === false;
	const options = def.options.map((x, i) => processSchema(x, ctx, {
		...params,
		path: [
			...params.path,
			isExclusive ? "oneOf" : "anyOf",
			i
		]
	}));
	if (isExclusive) json.oneOf = options;
	else json.anyOf = options;
};
const intersectionProcessor = (schema, ctx, json, params) => {
	const def = schema._zod.def;
	const a = processSchema(def.left, ctx, {
		...params,
		path: [
			...params.path,
			"allOf",
			0
		]
	});
	const b = processSchema(def.right, ctx, {
		...params,
		path: [
			...params.path,
			"allOf",
			1
		]
	});
	const isSimpleIntersection = (val) => "allOf" in val && Object.keys(val).length === 1;
	const allOf = [...isSimpleIntersection(a) ? a.allOf : [a], ...isSimpleIntersection(b) ? b.allOf : [b]];
	json.allOf = allOf;
	ctx.intersections.push(allOf);
};
const nullableProcessor = (schema, ctx, json, params) => {
	const def = schema._zod.def;
	const inner = processSchema(def.innerType, ctx, params);
	const seen = ctx.seen.get(schema);
	if (ctx.target === "openapi-3.0") {
		seen.ref = def.innerType;
		json.nullable = true;
	} else json.anyOf = [inner, { type: "null" }];
};
const nonoptionalProcessor = (schema, ctx, _json, params) => {
	const def = schema._zod.def;
	processSchema(def.innerType, ctx, params);
	const seen = ctx.seen.get(schema);
	seen.ref = def.innerType;
};
/** Round-trips a default value through JSON so the emitted schema is guaranteed to be valid JSON.
* A BigInt has no reliable encoding, so it goes through `unrepresentable` like any other
* unrepresentable value. Returns a sentinel when the caller must not write a default of its own. */
const UNREPRESENTABLE_DEFAULT = Symbol();
function serializeDefaultValue(value, schema, ctx, json, params) {
	let unrepresentable = false;
	const serialized = JSON.stringify(value, (_, val) => {
		if (typeof val !== "bigint") return val;
		unrepresentable = true;
		return null;
	});
	if (!unrepresentable) return JSON.parse(serialized);
	handleUnrepresentable(schema, ctx, json, params, "BigInt defaults cannot be represented in JSON Schema");
	return UNREPRESENTABLE_DEFAULT;
}
const defaultProcessor = (schema, ctx, json, params) => {
	const def = schema._zod.def;
	processSchema(def.innerType, ctx, params);
	const seen = ctx.seen.get(schema);
	seen.ref = def.innerType;
	const value = serializeDefaultValue(def.defaultValue, schema, ctx, json, params);
	if (value !== UNREPRESENTABLE_DEFAULT) json.default = value;
};
const prefaultProcessor = (schema, ctx, json, params) => {
	const def = schema._zod.def;
	processSchema(def.innerType, ctx, params);
	const seen = ctx.seen.get(schema);
	seen.ref = def.innerType;
	if (ctx.io !== "input") return;
	const value = serializeDefaultValue(def.defaultValue, schema, ctx, json, params);
	if (value !== UNREPRESENTABLE_DEFAULT) json._prefault = value;
};
const catchProcessor = (schema, ctx, json, params) => {
	const def = schema._zod.def;
	processSchema(def.innerType, ctx, params);
	const seen = ctx.seen.get(schema);
	seen.ref = def.innerType;
	let catchValue;
	try {
		catchValue = def.catchValue(void 0);
	} catch {
		handleUnrepresentable(schema, ctx, json, params, "Dynamic catch values are not supported in JSON Schema");
		return;
	}
	json.default = catchValue;
};
const pipeProcessor = (schema, ctx, _json, params) => {
	const def = schema._zod.def;
	const inIsTransform = def.in._zod.traits.has("$ZodTransform");
	const innerType = ctx.io === "input" ? inIsTransform ? def.out : def.in : def.out;
	processSchema(innerType, ctx, params);
	const seen = ctx.seen.get(schema);
	seen.ref = innerType;
};
const readonlyProcessor = (schema, ctx, json, params) => {
	const def = schema._zod.def;
	processSchema(def.innerType, ctx, params);
	const seen = ctx.seen.get(schema);
	seen.ref = def.innerType;
	json.readOnly = true;
};
const optionalProcessor = (schema, ctx, _json, params) => {
	const def = schema._zod.def;
	processSchema(def.innerType, ctx, params);
	const seen = ctx.seen.get(schema);
	seen.ref = def.innerType;
};
// ../../node_modules/.pnpm/zod@4.6.7/node_modules/zod/v4/classic/errors.js
const _installedErrorProtos = /* @__PURE__ */ new WeakSet([Object.prototype, Error.prototype]);
function _lazyMethod(proto, key, make) {
	Object.defineProperty(proto, key, {
		configurable: true,
		enumerable: false,
		get() {
			const value = make(this);
			Object.defineProperty(this, key, {
				value,
				configurable: true,
				writable: true
			});
			return value;
		},
		set(value) {
			Object.defineProperty(this, key, {
				value,
				configurable: true,
				writable: true
			});
		}
	});
}
const initializer = (inst, issues) => {
	$ZodError.init(inst, issues);
	inst.name = "ZodError";
	const proto = Object.getPrototypeOf(inst);
	if (_installedErrorProtos.has(proto)) return;
	_installedErrorProtos.add(proto);
	_lazyMethod(proto, "format", (self) => (mapper) => formatError(self, mapper));
	_lazyMethod(proto, "flatten", (self) => (mapper) => flattenError(self, mapper));
	_lazyMethod(proto, "addIssue", (self) => (issue) => {
		self.issues.push(issue);
		self.message = JSON.stringify(self.issues, jsonStringifyReplacer, 2);
	});
	_lazyMethod(proto, "addIssues", (self) => (issues) => {
		self.issues.push(...issues);
		self.message = JSON.stringify(self.issues, jsonStringifyReplacer, 2);
	});
	Object.defineProperty(proto, "isEmpty", {
		configurable: true,
		enumerable: false,
		get() {
			return this.issues.length === 0;
		}
	});
};
const ZodRealError = /*@__PURE__*/ $constructor("ZodError", initializer, void 0, { Parent: Error });
// ../../node_modules/.pnpm/zod@4.6.7/node_modules/zod/v4/classic/parse.js
const parse$1 = /* @__PURE__ */ _parse(ZodRealError);
const parseAsync = /* @__PURE__ */ _parseAsync(ZodRealError);
const safeParse = /* @__PURE__ */ _safeParse(ZodRealError);
const safeParseAsync = /* @__PURE__ */ _safeParseAsync(ZodRealError);
const encode = /* @__PURE__ */ _encode(ZodRealError);
const decode = /* @__PURE__ */ _decode(ZodRealError);
const encodeAsync = /* @__PURE__ */ _encodeAsync(ZodRealError);
const decodeAsync = /* @__PURE__ */ _decodeAsync(ZodRealError);
const safeEncode = /* @__PURE__ */ _safeEncode(ZodRealError);
const safeDecode = /* @__PURE__ */ _safeDecode(ZodRealError);
const safeEncodeAsync = /* @__PURE__ */ _safeEncodeAsync(ZodRealError);
const safeDecodeAsync = /* @__PURE__ */ _safeDecodeAsync(ZodRealError);
// ../../node_modules/.pnpm/zod@4.6.7/node_modules/zod/v4/classic/schemas.js
function _ensureDefaultLocale() {
	if (!globalConfig.localeError) config(en_default());
}
function _ensureDefaultMemoizer() {
	if (!globalConfig.memoizer) config({ memoizer: memoizer() });
}
const ZodType = /*@__PURE__*/ $constructor("ZodType", (inst, def) => {
	_ensureDefaultLocale();
	$ZodType.init(inst, def);
	inst.def = def;
	inst.type = def.type;
	return inst;
}, {
	check(...chks) {
		const def = this.def;
		return this.clone(mergeDefs(def, { checks: [...def.checks ?? [], ...chks.map((ch) => typeof ch === "function" ? { _zod: {
			check: ch,
			def: { check: "custom" },
			onattach: []
		} } : ch)] }), { parent: true });
	},
	with(...chks) {
		return this.check(...chks);
	},
	clone(def, params) {
		return clone(this, def, params);
	},
	brand() {
		return this;
	},
	register(reg, meta) {
		reg.add(this, meta);
		return this;
	},
	refine(check, params) {
		return this.check(refine(check, params));
	},
	superRefine(refinement, params) {
		return this.check(superRefine(refinement, params));
	},
	overwrite(fn) {
		return this.check(/* @__PURE__ */ _overwrite(fn));
	},
	optional() {
		return optional(this);
	},
	exactOptional() {
		return exactOptional(this);
	},
	nullable() {
		return nullable(this);
	},
	nullish() {
		return optional(nullable(this));
	},
	nonoptional(params) {
		return nonoptional(this, params);
	},
	array() {
		return array(this);
	},
	or(arg) {
		return union([this, arg]);
	},
	and(arg) {
		return intersection(this, arg);
	},
	transform(tx) {
		return pipe(this, transform(tx));
	},
	default(d) {
		return _default(this, d);
	},
	prefault(d) {
		return prefault(this, d);
	},
	catch(params) {
		return _catch(this, params);
	},
	pipe(target) {
		return pipe(this, target);
	},
	readonly() {
		return readonly(this);
	},
	describe(description) {
		const cl = this.clone();
		globalRegistry.add(cl, { description });
		return cl;
	},
	meta(...args) {
		if (args.length === 0) return globalRegistry.get(this);
		const cl = this.clone();
		globalRegistry.add(cl, args[0]);
		return cl;
	},
	isOptional() {
		return this.safeParse(void 0).success;
	},
	isNullable() {
		return this.safeParse(null).success;
	},
	apply(fn, ...args) {
		return args.length === 0 ? fn(this) : fn(this, ...args);
	},
	get "~standard"() {
		return hide(this, "~standard", {
			...standardProps(this),
			jsonSchema: {
				input: createStandardJSONSchemaMethod(this, "input"),
				output: createStandardJSONSchemaMethod(this, "output")
			}
		});
	},
	set "~standard"(value) {
		own(this, "~standard", value);
	},
	parse: function _parse(data, params) {
		return parse$1(this, data, params, { callee: _parse });
	},
	parseAsync: async function _parseAsync(data, params) {
		return await parseAsync(this, data, params, { callee: _parseAsync });
	},
	safeParse(data, params) {
		return safeParse(this, data, params);
	},
	async safeParseAsync(data, params) {
		return safeParseAsync(this, data, params);
	},
	get spa() {
		return this?.safeParseAsync;
	},
	set spa(value) {
		own(this, "spa", value);
	},
	validate(data, params) {
		return validate(this, data, params);
	},
	validateAsync(data, params) {
		return validateAsync$1(this, data, params);
	},
	encode: function _encode(data, params) {
		return encode(this, data, params, { callee: _encode });
	},
	decode: function _decode(data, params) {
		return decode(this, data, params, { callee: _decode });
	},
	encodeAsync: async function _encodeAsync(data, params) {
		return await encodeAsync(this, data, params, { callee: _encodeAsync });
	},
	decodeAsync: async function _decodeAsync(data, params) {
		return await decodeAsync(this, data, params, { callee: _decodeAsync });
	},
	safeEncode(data, params) {
		return safeEncode(this, data, params);
	},
	safeDecode(data, params) {
		return safeDecode(this, data, params);
	},
	async safeEncodeAsync(data, params) {
		return safeEncodeAsync(this, data, params);
	},
	async safeDecodeAsync(data, params) {
		return safeDecodeAsync(this, data, params);
	},
	toJSONSchema(params) {
		return createToJSONSchemaMethod(this, {})(params);
	},
	get description() {
		return globalRegistry.get(this)?.description;
	},
	get _def() {
		return this._zod.def;
	}
});
/** @internal */
const _ZodString = /*@__PURE__*/ $constructor("_ZodString", (inst, def) => {
	$ZodString.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => stringProcessor(inst, ctx, json, params);
}, /*@__PURE__*/ derived({
	format: (inst) => aggregateChecks(inst).format ?? null,
	minLength: (inst) => aggregateChecks(inst).minimum ?? null,
	maxLength: (inst) => aggregateChecks(inst).maximum ?? null
}, {
	regex(...args) {
		return this.check(/* @__PURE__ */ _regex(...args));
	},
	includes(...args) {
		return this.check(/* @__PURE__ */ _includes(...args));
	},
	startsWith(...args) {
		return this.check(/* @__PURE__ */ _startsWith(...args));
	},
	endsWith(...args) {
		return this.check(/* @__PURE__ */ _endsWith(...args));
	},
	min(...args) {
		return this.check(/* @__PURE__ */ _minLength(...args));
	},
	max(...args) {
		return this.check(/* @__PURE__ */ _maxLength(...args));
	},
	length(...args) {
		return this.check(/* @__PURE__ */ _length(...args));
	},
	nonempty(...args) {
		return this.check(/* @__PURE__ */ _minLength(1, ...args));
	},
	lowercase(params) {
		return this.check(/* @__PURE__ */ _lowercase(params));
	},
	uppercase(params) {
		return this.check(/* @__PURE__ */ _uppercase(params));
	},
	trim() {
		return this.check(/* @__PURE__ */ _trim());
	},
	normalize(...args) {
		return this.check(/* @__PURE__ */ _normalize(...args));
	},
	toLowerCase() {
		return this.check(/* @__PURE__ */ _toLowerCase());
	},
	toUpperCase() {
		return this.check(/* @__PURE__ */ _toUpperCase());
	},
	slugify() {
		return this.check(/* @__PURE__ */ _slugify());
	}
}));
const ZodString = /*@__PURE__*/ $constructor("ZodString", (inst, def) => {
	$ZodString.init(inst, def);
	_ZodString.init(inst, def);
}, {
	email(params) {
		return this.check(/* @__PURE__ */ _email(ZodEmail, params));
	},
	url(params) {
		return this.check(/* @__PURE__ */ _url(ZodURL, params));
	},
	jwt(params) {
		return this.check(/* @__PURE__ */ _jwt(ZodJWT, params));
	},
	emoji(params) {
		return this.check(/* @__PURE__ */ _emoji(ZodEmoji, params));
	},
	guid(params) {
		return this.check(/* @__PURE__ */ _guid(ZodGUID, params));
	},
	uuid(params) {
		return this.check(/* @__PURE__ */ _uuid(ZodUUID, params));
	},
	uuidv4(params) {
		return this.check(/* @__PURE__ */ _uuidv4(ZodUUID, params));
	},
	uuidv6(params) {
		return this.check(/* @__PURE__ */ _uuidv6(ZodUUID, params));
	},
	uuidv7(params) {
		return this.check(/* @__PURE__ */ _uuidv7(ZodUUID, params));
	},
	nanoid(params) {
		return this.check(/* @__PURE__ */ _nanoid(ZodNanoID, params));
	},
	cuid(params) {
		return this.check(/* @__PURE__ */ _cuid(ZodCUID, params));
	},
	cuid2(params) {
		return this.check(/* @__PURE__ */ _cuid2(ZodCUID2, params));
	},
	ulid(params) {
		return this.check(/* @__PURE__ */ _ulid(ZodULID, params));
	},
	base64(params) {
		return this.check(/* @__PURE__ */ _base64(ZodBase64, params));
	},
	base64url(params) {
		return this.check(/* @__PURE__ */ _base64url(ZodBase64URL, params));
	},
	xid(params) {
		return this.check(/* @__PURE__ */ _xid(ZodXID, params));
	},
	ksuid(params) {
		return this.check(/* @__PURE__ */ _ksuid(ZodKSUID, params));
	},
	ipv4(params) {
		return this.check(/* @__PURE__ */ _ipv4(ZodIPv4, params));
	},
	ipv6(params) {
		return this.check(/* @__PURE__ */ _ipv6(ZodIPv6, params));
	},
	cidrv4(params) {
		return this.check(/* @__PURE__ */ _cidrv4(ZodCIDRv4, params));
	},
	cidrv6(params) {
		return this.check(/* @__PURE__ */ _cidrv6(ZodCIDRv6, params));
	},
	e164(params) {
		return this.check(/* @__PURE__ */ _e164(ZodE164, params));
	},
	datetime(params) {
		return this.check(/* @__PURE__ */ _isoDateTime(ZodISODateTime, params));
	},
	date(params) {
		return this.check(/* @__PURE__ */ _isoDate(ZodISODate, params));
	},
	time(params) {
		return this.check(/* @__PURE__ */ _isoTime(ZodISOTime, params));
	},
	duration(params) {
		return this.check(/* @__PURE__ */ _isoDuration(ZodISODuration, params));
	}
});
function string(params) {
	return /* @__PURE__ */ _string(ZodString, params);
}
const ZodStringFormat = /*@__PURE__*/ $constructor("ZodStringFormat", (inst, def) => {
	$ZodStringFormat.init(inst, def);
	_ZodString.init(inst, def);
});
const ZodISODateTime = /*@__PURE__*/ $constructor("ZodISODateTime", (inst, def) => {
	$ZodISODateTime.init(inst, def);
	ZodStringFormat.init(inst, def);
});
const ZodISODate = /*@__PURE__*/ $constructor("ZodISODate", (inst, def) => {
	$ZodISODate.init(inst, def);
	ZodStringFormat.init(inst, def);
});
const ZodISOTime = /*@__PURE__*/ $constructor("ZodISOTime", (inst, def) => {
	$ZodISOTime.init(inst, def);
	ZodStringFormat.init(inst, def);
});
const ZodISODuration = /*@__PURE__*/ $constructor("ZodISODuration", (inst, def) => {
	$ZodISODuration.init(inst, def);
	ZodStringFormat.init(inst, def);
});
const ZodEmail = /*@__PURE__*/ $constructor("ZodEmail", (inst, def) => {
	$ZodEmail.init(inst, def);
	ZodStringFormat.init(inst, def);
});
const ZodGUID = /*@__PURE__*/ $constructor("ZodGUID", (inst, def) => {
	$ZodGUID.init(inst, def);
	ZodStringFormat.init(inst, def);
});
const ZodUUID = /*@__PURE__*/ $constructor("ZodUUID", (inst, def) => {
	$ZodUUID.init(inst, def);
	ZodStringFormat.init(inst, def);
});
function uuid(params) {
	return /* @__PURE__ */ _uuid(ZodUUID, params);
}
const ZodURL = /*@__PURE__*/ $constructor("ZodURL", (inst, def) => {
	$ZodURL.init(inst, def);
	ZodStringFormat.init(inst, def);
});
const ZodEmoji = /*@__PURE__*/ $constructor("ZodEmoji", (inst, def) => {
	$ZodEmoji.init(inst, def);
	ZodStringFormat.init(inst, def);
});
const ZodNanoID = /*@__PURE__*/ $constructor("ZodNanoID", (inst, def) => {
	$ZodNanoID.init(inst, def);
	ZodStringFormat.init(inst, def);
});
/**
* @deprecated CUID v1 is deprecated by its authors due to information leakage
* (timestamps embedded in the id). Use {@link ZodCUID2} instead.
* See https://github.com/paralleldrive/cuid.
*/
const ZodCUID = /*@__PURE__*/ $constructor("ZodCUID", (inst, def) => {
	$ZodCUID.init(inst, def);
	ZodStringFormat.init(inst, def);
});
const ZodCUID2 = /*@__PURE__*/ $constructor("ZodCUID2", (inst, def) => {
	$ZodCUID2.init(inst, def);
	ZodStringFormat.init(inst, def);
});
const ZodULID = /*@__PURE__*/ $constructor("ZodULID", (inst, def) => {
	$ZodULID.init(inst, def);
	ZodStringFormat.init(inst, def);
});
const ZodXID = /*@__PURE__*/ $constructor("ZodXID", (inst, def) => {
	$ZodXID.init(inst, def);
	ZodStringFormat.init(inst, def);
});
const ZodKSUID = /*@__PURE__*/ $constructor("ZodKSUID", (inst, def) => {
	$ZodKSUID.init(inst, def);
	ZodStringFormat.init(inst, def);
});
const ZodIPv4 = /*@__PURE__*/ $constructor("ZodIPv4", (inst, def) => {
	$ZodIPv4.init(inst, def);
	ZodStringFormat.init(inst, def);
});
const ZodIPv6 = /*@__PURE__*/ $constructor("ZodIPv6", (inst, def) => {
	$ZodIPv6.init(inst, def);
	ZodStringFormat.init(inst, def);
});
const ZodCIDRv4 = /*@__PURE__*/ $constructor("ZodCIDRv4", (inst, def) => {
	$ZodCIDRv4.init(inst, def);
	ZodStringFormat.init(inst, def);
});
const ZodCIDRv6 = /*@__PURE__*/ $constructor("ZodCIDRv6", (inst, def) => {
	$ZodCIDRv6.init(inst, def);
	ZodStringFormat.init(inst, def);
});
const ZodBase64 = /*@__PURE__*/ $constructor("ZodBase64", (inst, def) => {
	$ZodBase64.init(inst, def);
	ZodStringFormat.init(inst, def);
});
const ZodBase64URL = /*@__PURE__*/ $constructor("ZodBase64URL", (inst, def) => {
	$ZodBase64URL.init(inst, def);
	ZodStringFormat.init(inst, def);
});
const ZodE164 = /*@__PURE__*/ $constructor("ZodE164", (inst, def) => {
	$ZodE164.init(inst, def);
	ZodStringFormat.init(inst, def);
});
const ZodJWT = /*@__PURE__*/ $constructor("ZodJWT", (inst, def) => {
	$ZodJWT.init(inst, def);
	ZodStringFormat.init(inst, def);
});
const ZodNumber = /*@__PURE__*/ $constructor("ZodNumber", (inst, def) => {
	$ZodNumber.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => numberProcessor(inst, ctx, json, params);
	inst.isFinite = true;
}, /*@__PURE__*/ derived({
	minValue: (inst) => {
		const { minimum, exclusiveMinimum } = aggregateChecks(inst);
		return Math.max(minimum ?? Number.NEGATIVE_INFINITY, exclusiveMinimum ?? Number.NEGATIVE_INFINITY);
	},
	maxValue: (inst) => {
		const { maximum, exclusiveMaximum } = aggregateChecks(inst);
		return Math.min(maximum ?? Number.POSITIVE_INFINITY, exclusiveMaximum ?? Number.POSITIVE_INFINITY);
	},
	isInt: (inst) => {
		const { isInt, multipleOf } = aggregateChecks(inst);
		return !!isInt || !!multipleOf?.some(Number.isSafeInteger);
	},
	format: (inst) => aggregateChecks(inst).format ?? null
}, {
	gt(value, params) {
		return this.check(/* @__PURE__ */ _gt(value, params));
	},
	gte(value, params) {
		return this.check(/* @__PURE__ */ _gte(value, params));
	},
	min(value, params) {
		return this.check(/* @__PURE__ */ _gte(value, params));
	},
	lt(value, params) {
		return this.check(/* @__PURE__ */ _lt(value, params));
	},
	lte(value, params) {
		return this.check(/* @__PURE__ */ _lte(value, params));
	},
	max(value, params) {
		return this.check(/* @__PURE__ */ _lte(value, params));
	},
	int(params) {
		return this.check(int(params));
	},
	safe(params) {
		return this.check(int(params));
	},
	positive(params) {
		return this.check(/* @__PURE__ */ _gt(0, params));
	},
	nonnegative(params) {
		return this.check(/* @__PURE__ */ _gte(0, params));
	},
	negative(params) {
		return this.check(/* @__PURE__ */ _lt(0, params));
	},
	nonpositive(params) {
		return this.check(/* @__PURE__ */ _lte(0, params));
	},
	multipleOf(value, params) {
		return this.check(/* @__PURE__ */ _multipleOf(value, params));
	},
	step(value, params) {
		return this.check(/* @__PURE__ */ _multipleOf(value, params));
	},
	finite() {
		return this;
	}
}));
function number(params) {
	return /* @__PURE__ */ _number(ZodNumber, params);
}
const ZodNumberFormat = /*@__PURE__*/ $constructor("ZodNumberFormat", (inst, def) => {
	$ZodNumberFormat.init(inst, def);
	ZodNumber.init(inst, def);
});
function int(params) {
	return /* @__PURE__ */ _int(ZodNumberFormat, params);
}
const ZodBoolean = /*@__PURE__*/ $constructor("ZodBoolean", (inst, def) => {
	$ZodBoolean.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => booleanProcessor(inst, ctx, json, params);
});
function boolean(params) {
	return /* @__PURE__ */ _boolean(ZodBoolean, params);
}
const ZodUnknown = /*@__PURE__*/ $constructor("ZodUnknown", (inst, def) => {
	$ZodUnknown.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => void 0;
});
function unknown() {
	return /* @__PURE__ */ _unknown(ZodUnknown);
}
const ZodNever = /*@__PURE__*/ $constructor("ZodNever", (inst, def) => {
	$ZodNever.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => neverProcessor(inst, ctx, json, params);
});
function never(params) {
	return /* @__PURE__ */ _never(ZodNever, params);
}
const ZodArray = /*@__PURE__*/ $constructor("ZodArray", (inst, def) => {
	_ensureDefaultMemoizer();
	$ZodArray.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => arrayProcessor(inst, ctx, json, params);
	inst.element = def.element;
}, {
	min(n, params) {
		return this.check(/* @__PURE__ */ _minLength(n, params));
	},
	nonempty(params) {
		return this.check(/* @__PURE__ */ _minLength(1, params));
	},
	max(n, params) {
		return this.check(/* @__PURE__ */ _maxLength(n, params));
	},
	length(n, params) {
		return this.check(/* @__PURE__ */ _length(n, params));
	},
	unwrap() {
		return this.element;
	}
});
function array(element, params) {
	return /* @__PURE__ */ _array(ZodArray, element, params);
}
const ZodObject = /*@__PURE__*/ $constructor("ZodObject", (inst, def) => {
	_ensureDefaultMemoizer();
	$ZodObjectJIT.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => objectProcessor(inst, ctx, json, params);
	installLazyProp(inst, "shape", (self) => self._zod.def.shape, false);
}, {
	keyof() {
		return _enum(Object.keys(this._zod.def.shape));
	},
	catchall(catchall) {
		return this.clone(mergeDefs(this._zod.def, { catchall }));
	},
	passthrough() {
		return this.clone(mergeDefs(this._zod.def, { catchall: unknown() }));
	},
	loose() {
		return this.clone(mergeDefs(this._zod.def, { catchall: unknown() }));
	},
	strict() {
		return this.clone(mergeDefs(this._zod.def, { catchall: never() }));
	},
	strip() {
		return this.clone(mergeDefs(this._zod.def, { catchall: void 0 }));
	},
	extend(incoming) {
		return extend(this, incoming);
	},
	safeExtend(incoming) {
		return safeExtend(this, incoming);
	},
	merge(other) {
		return merge(this, other);
	},
	pick(mask) {
		return pick(this, mask);
	},
	omit(mask) {
		return omit(this, mask);
	},
	partial(...args) {
		return partial(ZodOptional, this, args[0]);
	},
	exactPartial(...args) {
		return partial(ZodExactOptional, this, args[0], "exactPartial");
	},
	required(...args) {
		return required(ZodNonOptional, this, args[0]);
	}
});
function object(shape, params) {
	const def = {
		type: "object",
		shape: shape ?? {},
		...normalizeParams(params)
	};
	return new ZodObject(def);
}
const ZodUnion = /*@__PURE__*/ $constructor("ZodUnion", (inst, def) => {
	$ZodUnion.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => unionProcessor(inst, ctx, json, params);
	inst.options = def.options;
});
function union(options, params) {
	return new ZodUnion({
		type: "union",
		options,
		...normalizeParams(params)
	});
}
const ZodIntersection = /*@__PURE__*/ $constructor("ZodIntersection", (inst, def) => {
	$ZodIntersection.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => intersectionProcessor(inst, ctx, json, params);
});
function intersection(left, right) {
	return new ZodIntersection({
		type: "intersection",
		left,
		right
	});
}
const ZodEnum = /*@__PURE__*/ $constructor("ZodEnum", (inst, def) => {
	$ZodEnum.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => enumProcessor(inst, ctx, json, params);
	inst.enum = def.entries;
	inst.options = [...inst._zod.values];
	const keys = new Set(Object.keys(def.entries));
	inst.extract = (values, params) => {
		const newEntries = {};
		for (const value of values) if (keys.has(value)) newEntries[value] = def.entries[value];
		else throw new Error(`Key ${value} not found in enum`);
		return new ZodEnum({
			...def,
			checks: [],
			...normalizeParams(params),
			entries: newEntries
		});
	};
	inst.exclude = (values, params) => {
		const newEntries = { ...def.entries };
		for (const value of values) if (keys.has(value)) delete newEntries[value];
		else throw new Error(`Key ${value} not found in enum`);
		return new ZodEnum({
			...def,
			checks: [],
			...normalizeParams(params),
			entries: newEntries
		});
	};
});
function _enum(values, params) {
	const entries = Array.isArray(values) ? Object.fromEntries(values.map((v) => [v, v])) : values;
	return new ZodEnum({
		type: "enum",
		entries,
		...normalizeParams(params)
	});
}
const ZodLiteral = /*@__PURE__*/ $constructor("ZodLiteral", (inst, def) => {
	$ZodLiteral.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => literalProcessor(inst, ctx, json, params);
	inst.values = new Set(def.values);
	Object.defineProperty(inst, "value", { get() {
		if (def.values.length > 1) throw new Error("This schema contains multiple valid literal values. Use `.values` instead.");
		return def.values[0];
	} });
});
function literal(value, params) {
	return new ZodLiteral({
		type: "literal",
		values: Array.isArray(value) ? value : [value],
		...normalizeParams(params)
	});
}
const ZodTransform = /*@__PURE__*/ $constructor("ZodTransform", (inst, def) => {
	_ensureDefaultMemoizer();
	$ZodTransform.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => transformProcessor(inst, ctx, json, params);
	inst._zod.parse = (payload, _ctx) => {
		if (_ctx.direction === "backward") throw new $ZodEncodeError(inst.constructor.name);
		payload.addIssue = (issue$1) => {
			if (typeof issue$1 === "string") payload.issues.push(issue(issue$1, payload.value, def));
			else {
				const _issue = issue$1;
				if (_issue.fatal) _issue.continue = false;
				_issue.code ?? (_issue.code = "custom");
				if (!("input" in _issue)) _issue.input = payload.value;
				_issue.inst ?? (_issue.inst = inst);
				payload.issues.push(issue(_issue));
			}
		};
		const output = def.transform(payload.value, payload);
		if (output instanceof Promise) return output.then((output) => {
			payload.value = output;
			return payload;
		});
		payload.value = output;
		return payload;
	};
});
function transform(fn) {
	return new ZodTransform({
		type: "transform",
		transform: fn
	});
}
const ZodOptional = /*@__PURE__*/ $constructor("ZodOptional", (inst, def) => {
	$ZodOptional.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => optionalProcessor(inst, ctx, json, params);
	inst.unwrap = () => inst._zod.def.innerType;
});
function optional(innerType) {
	return new ZodOptional({
		type: "optional",
		innerType
	});
}
const ZodExactOptional = /*@__PURE__*/ $constructor("ZodExactOptional", (inst, def) => {
	$ZodExactOptional.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => optionalProcessor(inst, ctx, json, params);
	inst.unwrap = () => inst._zod.def.innerType;
});
function exactOptional(innerType) {
	return new ZodExactOptional({
		type: "optional",
		innerType
	});
}
const ZodNullable = /*@__PURE__*/ $constructor("ZodNullable", (inst, def) => {
	$ZodNullable.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => nullableProcessor(inst, ctx, json, params);
	inst.unwrap = () => inst._zod.def.innerType;
});
function nullable(innerType) {
	return new ZodNullable({
		type: "nullable",
		innerType
	});
}
const ZodDefault = /*@__PURE__*/ $constructor("ZodDefault", (inst, def) => {
	$ZodDefault.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => defaultProcessor(inst, ctx, json, params);
	inst.unwrap = () => inst._zod.def.innerType;
	inst.removeDefault = inst.unwrap;
});
function _default(innerType, defaultValue) {
	return new ZodDefault({
		type: "default",
		innerType,
		get defaultValue() {
			return typeof defaultValue === "function" ? defaultValue() : shallowClone(defaultValue);
		}
	});
}
const ZodPrefault = /*@__PURE__*/ $constructor("ZodPrefault", (inst, def) => {
	$ZodPrefault.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => prefaultProcessor(inst, ctx, json, params);
	inst.unwrap = () => inst._zod.def.innerType;
});
function prefault(innerType, defaultValue) {
	return new ZodPrefault({
		type: "prefault",
		innerType,
		get defaultValue() {
			return typeof defaultValue === "function" ? defaultValue() : shallowClone(defaultValue);
		}
	});
}
const ZodNonOptional = /*@__PURE__*/ $constructor("ZodNonOptional", (inst, def) => {
	$ZodNonOptional.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => nonoptionalProcessor(inst, ctx, json, params);
	inst.unwrap = () => inst._zod.def.innerType;
});
function nonoptional(innerType, params) {
	return new ZodNonOptional({
		type: "nonoptional",
		innerType,
		...normalizeParams(params)
	});
}
const ZodCatch = /*@__PURE__*/ $constructor("ZodCatch", (inst, def) => {
	$ZodCatch.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => catchProcessor(inst, ctx, json, params);
	inst.unwrap = () => inst._zod.def.innerType;
	inst.removeCatch = inst.unwrap;
});
function _catch(innerType, catchValue) {
	return new ZodCatch({
		type: "catch",
		innerType,
		catchValue: typeof catchValue === "function" ? catchValue : constantCatch(catchValue)
	});
}
const ZodPipe = /*@__PURE__*/ $constructor("ZodPipe", (inst, def) => {
	$ZodPipe.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => pipeProcessor(inst, ctx, json, params);
	inst.in = def.in;
	inst.out = def.out;
});
function pipe(in_, out) {
	return new ZodPipe({
		type: "pipe",
		in: in_,
		out
	});
}
const ZodReadonly = /*@__PURE__*/ $constructor("ZodReadonly", (inst, def) => {
	$ZodReadonly.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => readonlyProcessor(inst, ctx, json, params);
	inst.unwrap = () => inst._zod.def.innerType;
});
function readonly(innerType) {
	return new ZodReadonly({
		type: "readonly",
		innerType
	});
}
const ZodCustom = /*@__PURE__*/ $constructor("ZodCustom", (inst, def) => {
	$ZodCustom.init(inst, def);
	ZodType.init(inst, def);
	inst._zod.processJSONSchema = (ctx, json, params) => customProcessor(inst, ctx, json, params);
});
function refine(fn, _params = {}) {
	return /* @__PURE__ */ _refine(ZodCustom, fn, _params);
}
function superRefine(fn, params) {
	return /* @__PURE__ */ _superRefine(fn, params);
}
// golden/.draft-xVU5XF/library/package/dist/desired-state/schema.js
/** The check of a desired state file. An `updated_at` of another type is read as `null`, since only people need it. */
const desiredStateSchema = object({
	desired_state: _enum(["running", "stopped"]),
	updated_at: string().nullable().catch(null)
});
// golden/.draft-xVU5XF/library/package/dist/errors.js
/** An error that a caller can act on: `code` for programs, `message` for people. */
var ContractError = class extends Error {
	/** The kind of the error, for programs. */
	code;
	constructor(code, message, options) {
		super(message, options);
		this.name = "ContractError";
		this.code = code;
	}
	/** `false` for an error that lasts until an operator changes something; `undefined` where the cause decides. */
	get temporary() {
		return this.code === "mount_point" ? false : void 0;
	}
};
const CURES = {
	ENOENT: ["home_missing", "the directory does not exist; create it, or point HERMES_HOME at the right one"],
	ENOTDIR: ["home_missing", "a part of the path is not a directory; point HERMES_HOME at the right one"],
	EACCES: ["not_writable", "permission denied; give this user read and write access to the directory"],
	EPERM: ["not_writable", "not permitted; give this user read and write access to the directory"],
	EROFS: ["not_writable", "the volume is read-only; remount it for writing"],
	ENOSPC: ["no_space", "the volume is full; free some space and try again"],
	EDQUOT: ["no_space", "the quota is used up; free some space and try again"],
	EXDEV: ["mount_point", "it would have to move to another file system; mount one volume for the whole directory, not a part of it"],
	EISDIR: ["not_a_file", "a directory stands in its place; remove it and try again"],
	EMFILE: ["unavailable", "this process has too many open files; close connections or raise its limit (ulimit -n)"],
	ENFILE: ["unavailable", "this machine has too many open files; close some or raise fs.file-max"],
	ENOMEM: ["unavailable", "no memory is left; free some and try again"],
	EAGAIN: ["unavailable", "busy; try again"],
	EBUSY: ["unavailable", "busy; try again"],
	EINTR: ["unavailable", "interrupted; try again"],
	ESTALE: ["unavailable", "the file server has replaced it; try again, or mount the volume anew"],
	ETIMEDOUT: ["unavailable", "the file server does not answer; try again"]
};
/** `cause` (a Node system error) while doing `action` to `path`, as an error with a remedy. */
function fileError(action, path, cause) {
	const errno = cause.code ?? "unknown error";
	const [code, cure] = CURES[errno] ?? ["io", "unexpected failure of the file system"];
	return new ContractError(code, `cannot ${action} ${path}: ${cure} (${errno})`, { cause });
}
/** As {@link fileError} for a file at `path` that something is mounted over. */
function mountPointError(action, path, cause) {
	return new ContractError("mount_point", `cannot ${action} ${path}: expected a file that can be replaced, found a mount point (EBUSY); mount the directory that the file is in, not the file`, { cause });
}
// golden/.draft-xVU5XF/library/package/dist/mounts/mountinfo.pure.js
/** The mounts in the text of a mountinfo file, in its order. Invalid lines are skipped. */
function parseMounts(text) {
	return text.split("\n").flatMap((line) => parseMount(line) ?? []);
}
/**
* The mount that the file at `path` is on: the one with the longest mount point that leads there, and of several at one
* place the last, which covers the others. A mount below a place that was covered later is covered, too. `path` is
* absolute and without links. `undefined` where the mounts do not say, as in a chroot.
*/
function mountOf(path, mounts) {
	const listed = new Set(mounts.map(({ id }) => id));
	let current;
	for (const place of placesOnTheWay(path)) for (let round = 0; round < mounts.length; round += 1) {
		const on = current?.id;
		const isNext = ({ id, parent, mountPoint }) => mountPoint === place && id !== on && (on === void 0 ? !listed.has(parent) : parent === on);
		const next = mounts.findLast(isNext);
		if (next === void 0) break;
		current = next;
	}
	return current;
}
/** `/`, `/a` and `/a/b` for `/a/b`. */
function placesOnTheWay(path) {
	const places = ["/"];
	for (const name of path.split("/")) if (name !== "") places.push(places.length === 1 ? `/${name}` : `${places.at(-1)}/${name}`);
	return places;
}
function parseMount(line) {
	const [before = "", after = ""] = line.split(" - ", 2);
	const [id, parent, , root, mountPoint, options] = before.split(" ");
	const [type, source = "", fileSystemOptions = ""] = after.split(" ");
	if (!id || !parent || !root || !mountPoint || !options || !type) return void 0;
	return {
		id,
		parent,
		root: decodeOctal(root),
		mountPoint: decodeOctal(mountPoint),
		type: decodeOctal(type),
		source: decodeOctal(source),
		options: /* @__PURE__ */ new Set([...options.split(","), ...fileSystemOptions.split(",").filter((option) => option !== "rw")])
	};
}
/** The kernel writes a space, tab, line break, backslash or `#` as `\` and three octal digits. */
function decodeOctal(text) {
	return text.replaceAll(/\\([0-7]{3})/g, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8)));
}
// golden/.draft-xVU5XF/library/package/dist/mounts/look.js
const MOUNTINFO = "/proc/self/mountinfo";
/** The mounts that this process sees. @throws the error of the system where they cannot be read, as without /proc. */
function readMounts() {
	return parseMounts(readFileSync(MOUNTINFO, "utf8"));
}
/** Whether something is mounted at `path` itself, such as a single file. `undefined` if unknown. */
function isMountPoint(path) {
	try {
		const place = join(realpathSync(dirname(path)), basename(path));
		return readMounts().some(({ mountPoint }) => mountPoint === place);
	} catch {
		return;
	}
}
// golden/.draft-xVU5XF/library/package/dist/files/change-error.js
/**
* As {@link fileError}, for a file that was to be replaced, moved or removed. The kernel calls it busy if something is
* mounted over it, which is not temporary.
*/
function changeError(action, path, cause) {
	return cause.code === "EBUSY" && isMountPoint(path) ? mountPointError(action, path, cause) : fileError(action, path, cause);
}
const seen = /* @__PURE__ */ new Set();
/** The temporary path for the next content of `path`: in the same directory, with an unpredictable name. */
function temporaryPath(path) {
	return join(dirname(path), `.${basename(path)}.${unguessable()}.tmp`);
}
/**
* Removes what writers of `path` that died half-way left beside it: regular files under exactly such a name, and old
* enough. Does it once for a process and path. Never fails: what cannot be removed stays.
*/
function removeLeftovers(path) {
	if (seen.has(path)) return void 0;
	seen.add(path);
	return tidy(path);
}
async function tidy(path) {
	const names = await readdir(dirname(path)).catch(() => []);
	for (const name of names) if (isTemporaryOf(basename(path), name)) await removeIfOld(join(dirname(path), name)).catch(() => void 0);
}
/** 16 hexadecimal digits: the random end of a UUID, of which Node keeps a reserve, as it does of no other random bytes. */
function unguessable() {
	return randomUUID().slice(-17).replace("-", "");
}
function isTemporaryOf(base, name) {
	const start = `.${base}.`;
	return name.startsWith(start) && /^[0-9a-f]{16}\.tmp$/.test(name.slice(start.length));
}
async function removeIfOld(path) {
	const stat = await lstat(path);
	if (stat.isFile() && Date.now() - stat.mtimeMs > 6e4) await unlink(path);
}
// golden/.draft-xVU5XF/library/package/dist/files/reserve.js
/** A block of most file systems. */
const RESERVE_BYTES = 4096;
const CREATE_FLAGS$2 = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
const OPEN_FLAGS = constants.O_WRONLY | UNTRUSTED_PLACE;
const FULL = ["ENOSPC", "EDQUOT"];
function isFull(error) {
	return FULL.includes(error.code);
}
/** The path of the reserved space for the next content of `path`. */
function reservePath(path) {
	return `${path}.reserve`;
}
/**
* Keeps room on the volume for one more content of `path`, of up to 4 KiB: its bytes, and its place in the directory.
* Never fails. @returns whether the space is reserved.
*/
async function keepReserve(path) {
	const reserve = reservePath(path);
	try {
		if (lstatSync(reserve, { throwIfNoEntry: false }) !== void 0) return true;
		const file = openFile(reserve, CREATE_FLAGS$2, 384);
		try {
			writeFileSync(file, " ".repeat(RESERVE_BYTES));
			await promisify(fdatasync)(file);
			return true;
		} catch (error) {
			rmSync(reserve, { force: true });
			throw error;
		} finally {
			closeFile(file);
		}
	} catch {
		return false;
	}
}
/**
* Makes the room that is kept for `path` the file `temporary`, to be written from its beginning. The file is open, and
* longer than what is to be written.
* @returns `undefined` where no room is kept that this process may use, or not enough.
*/
function takeReserve(path, temporary, bytes, mode) {
	let file;
	try {
		renameSync(reservePath(path), temporary);
		file = openFile(temporary, OPEN_FLAGS);
		const stat = fstatSync(file);
		if (!(stat.isFile() && stat.nlink === 1 && stat.uid === process.geteuid?.() && stat.size >= bytes)) throw new Error(`${temporary} is not the room that was kept`);
		fchmodSync(file, mode);
		return file;
	} catch {
		if (file !== void 0) closeFile(file);
		rmSync(temporary, { force: true });
		return;
	}
}
function takeStep(step, task) {
	return task();
}
async function waitForStep(step, task) {
	return await task();
}
// golden/.draft-xVU5XF/library/package/dist/files/write.js
const sync = promisify(fsync);
const syncData = promisify(fdatasync);
const CREATE_FLAGS$1 = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
/**
* Replaces `path` by a file that holds `text`: a reader sees the old file or the new one, never a part, and once the
* promise is fulfilled the new one survives a power loss. A link at `path` is replaced, not followed.
* @throws ContractError with the old file intact, except when all that failed was to make the change durable
* ("cannot durably write"): then readers see the new file already, and a power loss may restore the old one.
*/
async function replaceFile(path, text, mode = 420) {
	await putFile(path, text, mode, (temporary) => rename(temporary, path));
}
/**
* As {@link replaceFile}, if `isStill` says right before that the file is the one to be replaced.
* @returns whether it was.
*/
function replaceFileIf(path, text, isStill) {
	return putFile(path, text, 420, (temporary) => isStill() && rename(temporary, path));
}
/**
* As {@link replaceFile}, where there is no file yet. The system itself decides: a file that another program made a moment ago,
* with whatever program, stays. @returns false if there is one.
*/
function createFile(path, text) {
	return putFile(path, text, 420, (temporary) => link(temporary, path));
}
/** Prepares a file and lets `place` put it at `path`, in one step, or not: then it returns false. */
async function putFile(path, text, mode, place) {
	const temporary = temporaryPath(path);
	const tidied = removeLeftovers(path);
	if (tidied !== void 0) await tidied;
	let isPlaced = false;
	try {
		await inDirectory(dirname(path), async (directory) => {
			await prepare(path, temporary, text, mode);
			isPlaced = place(temporary);
			if (isPlaced) await waitForStep("sync-directory", () => sync(directory));
			else await unlink(temporary);
		});
		return isPlaced;
	} catch (error) {
		await unlink(temporary).catch(() => void 0);
		throw changeError(isPlaced ? "durably write" : "write", path, error);
	}
}
/** Writes the file that is to be put at `path`; on a full volume, into the room that is kept for it. @throws what the system says */
async function prepare(path, temporary, text, mode) {
	try {
		const file = takeStep("create", () => openFile(temporary, CREATE_FLAGS$1, mode));
		await fill(file, () => takeStep("write", () => writeFileSync(file, text)));
	} catch (error) {
		const bytes = Buffer.from(text);
		const reserve = isFull(error) ? takeReserve(path, temporary, bytes.length, mode) : void 0;
		if (reserve === void 0) throw error;
		await fill(reserve, () => {
			writeSync(reserve, bytes, 0, bytes.length, 0);
			ftruncateSync(reserve, bytes.length);
		});
	}
}
async function fill(file, write) {
	try {
		write();
		await waitForStep("sync", () => syncData(file));
	} finally {
		closeFile(file);
	}
}
function rename(temporary, path) {
	takeStep("rename", () => renameSync(temporary, path));
	return true;
}
/** Errno names of file systems without hard links. */
const NO_LINKS = [
	"EPERM",
	"ENOTSUP",
	"EOPNOTSUPP",
	"ENOSYS",
	"EMLINK"
];
function link(temporary, path) {
	try {
		takeStep("link", () => linkSync(temporary, path));
	} catch (error) {
		const { code = "" } = error;
		if (code === "EEXIST") return false;
		if (!NO_LINKS.includes(code)) throw error;
		return lstatSync(path, { throwIfNoEntry: false }) === void 0 && rename(temporary, path);
	}
	try {
		takeStep("unlink", () => unlinkSync(temporary));
	} catch {}
	return true;
}
/**
* The same at once: readers see the new file when the call returns, and a power loss may restore the old one.
* @throws ContractError with the old file intact.
*/
function replaceFileNow(path, text, mode = 420) {
	const temporary = temporaryPath(path);
	try {
		const file = takeStep("create", () => openFile(temporary, CREATE_FLAGS$1, mode));
		try {
			takeStep("write", () => writeFileSync(file, text));
		} finally {
			closeFile(file);
		}
		rename(temporary, path);
	} catch (error) {
		rmSync(temporary, { force: true });
		throw changeError("write", path, error);
	}
}
/**
* Removes `path`, durably. @returns false if there was nothing.
* @throws ContractError with the file still there, except when all that failed was to make the change durable
* ("cannot durably remove"): then it is gone for readers, and a power loss may restore it.
*/
async function removeFile(path) {
	let action = "remove";
	try {
		await inDirectory(dirname(path), async (directory) => {
			takeStep("unlink", () => unlinkSync(path));
			action = "durably remove";
			await waitForStep("sync-directory", () => sync(directory));
		});
		return true;
	} catch (error) {
		if (error.code === "ENOENT") return false;
		throw changeError(action, path, error);
	}
}
/** Opens the directory before `task` changes anything in it: one that cannot be synced must be refused beforehand. */
async function inDirectory(path, task) {
	const directory = openFile(path, constants.O_RDONLY | constants.O_DIRECTORY);
	try {
		await task(directory);
	} finally {
		closeFile(directory);
	}
}
// golden/.draft-xVU5XF/library/package/dist/time.js
const STRICT_ISO_DATE_TIME = /* @__PURE__ */ datetime({
	offset: true,
	local: true
});
/** Unix time in ms of a strict ISO 8601 date-time, or `undefined`. One without an offset is UTC, as Python writes it. */
function parseIsoDateTime(text) {
	if (typeof text !== "string" || !STRICT_ISO_DATE_TIME.test(text)) return void 0;
	const hasOffset = /(Z|[+-]\d{2}:\d{2})$/.test(text);
	const time = Date.parse(hasOffset ? text : `${text}Z`);
	return Number.isNaN(time) ? void 0 : time;
}
/** `time` (Unix ms) as Python's `datetime.isoformat()` writes a UTC time; every Python 3 can read it back. */
function formatIsoDateTime(time) {
	return new Date(time).toISOString().replace("Z", "000+00:00");
}
// golden/.draft-xVU5XF/library/package/dist/desired-state/write.js
/**
* Records the desired state. Only the service manager may call it.
* @throws ContractError with the old desired state intact, unless it says "cannot durably write".
*/
async function writeDesiredState(desiredState, options = {}) {
	const desired = {
		desired_state: desiredState,
		updated_at: formatIsoDateTime(Date.now())
	};
	await replaceFile(desiredStatePath(options), encodeJson(desired));
	return desired;
}
// golden/.draft-xVU5XF/library/package/dist/epoch/parse.pure.js
/** What follows the command name of a `/proc/PID/stat` line: fields 3 to 21, then field 22. */
const START_TIME = /^(?: \S+){19} (\d+)(?!\S)/;
/**
* The start time of a process (clock ticks since boot, as text) from its `/proc/PID/stat` line, or `''`.
* A command name may hold spaces and parentheses, so the fields are counted from the last `)`.
* @see proc_pid_stat(5)
*/
function parseStartTime(stat) {
	const end = stat.lastIndexOf(")");
	if (end < 0) return "";
	return START_TIME.exec(stat.slice(end + 1))?.[1] ?? "";
}
/** The state of a process, as one letter, from its `/proc/PID/stat` line, or `''`. */
function parseProcessState(stat) {
	return stat.slice(stat.lastIndexOf(")") + 1).trimStart().charAt(0);
}
/** The epoch from its two halves, either of which may be empty; both empty gives `''`, which means unknown. */
function formatEpoch(bootId, startTime) {
	return bootId === "" && startTime === "" ? "" : `${bootId}:${startTime}`;
}
/** The boot time in seconds from the output of macOS `sysctl -n kern.boottime`, or `''`. */
function parseKernBoottime(output) {
	return /\bsec = (\d+)/.exec(output)?.[1] ?? "";
}
// golden/.draft-xVU5XF/library/package/dist/epoch/epoch.js
const LINUX_SOURCES = {
	bootId: "/proc/sys/kernel/random/boot_id",
	initStat: "/proc/1/stat"
};
let memoised;
/**
* Identity of this boot of this container or machine: `<boot_id>:<start time of PID 1>`, or `''` when unknown.
* A `docker restart` changes it, a respawn of the gateway alone does not. Constant for the life of the process.
*/
function currentInstantiationEpoch() {
	memoised ??= process.platform === "darwin" ? readDarwinEpoch() : readLinuxEpoch(LINUX_SOURCES);
	return memoised;
}
/** The current epoch from `sources`. A source that cannot be read leaves its half empty. */
function readLinuxEpoch(sources) {
	return formatEpoch(readText(sources.bootId).trim(), parseStartTime(readText(sources.initStat)));
}
function readText(path) {
	try {
		return readFileSync(path, "utf8");
	} catch {
		return "";
	}
}
function readDarwinEpoch() {
	try {
		return formatEpoch(parseKernBoottime(execFileSync("/usr/sbin/sysctl", ["-n", "kern.boottime"], {
			encoding: "utf8",
			timeout: 2e3
		})), "");
	} catch {
		return "";
	}
}
// golden/.draft-xVU5XF/library/package/dist/files/sqlite.js
/**
* Opens a database with the SQLite of Node, which is loaded at the first call. Works alike on all Nodes that we support:
* before 22.16 the option `timeout` is ignored in silence, and Node 22 warns of SQLite in each process that loads it.
* @param waitMs - how long a statement blocks this thread while another process has locked the database, in ms.
* @throws the error of SQLite.
*/
function openSqlite(path, waitMs, { readOnly = false } = {}) {
	const database = new (loadSqlite()).DatabaseSync(path, { readOnly });
	database.exec(`PRAGMA busy_timeout = ${Math.round(waitMs)}`);
	return database;
}
/** Nothing else can warn meanwhile: it is one synchronous call. */
function loadSqlite() {
	const { emitWarning } = process;
	process.emitWarning = () => void 0;
	try {
		const sqlite = process.getBuiltinModule("node:sqlite");
		if (sqlite) return sqlite;
	} finally {
		process.emitWarning = emitWarning;
	}
	throw new Error(`this Node (${process.version}) has no node:sqlite; use 22.13 or newer`);
}
// golden/.draft-xVU5XF/library/package/dist/files/hold-lock.js
const SQLITE_BUSY = 5;
/** A journal in a file would remain after a SIGKILL. */
const BEGIN = "PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE";
/** Opens the file at `path`, which is made if there is none. @param waitMs how long each try blocks this thread, in ms. @throws the error of SQLite. */
function openLock(path, waitMs) {
	const database = openWithSpares(() => openSqlite(path, waitMs));
	return {
		tryLock() {
			try {
				database.exec(BEGIN);
				return true;
			} catch (error) {
				if ((error.errcode ?? 0) % 256 === SQLITE_BUSY) return false;
				throw error;
			}
		},
		[Symbol.dispose]() {
			database.close();
			replenish();
		}
	};
}
/**
* Locks the file at `path`, which is made if there is none, until the lock is disposed. The kernel holds the lock, so it
* ends with the process, and containers that share the volume exclude each other, too. A file that is deleted takes
* its lock with it. Blocks this thread while it waits: where others wait for it, use {@link withFileLock}.
* @param waitMs - how long to wait for another process, in ms.
* @returns `undefined` when another process has the lock. @throws the error of SQLite.
*/
function holdFileLock(path, waitMs = 0) {
	const lock = openLock(path, waitMs);
	let isHeld = false;
	try {
		isHeld = lock.tryLock();
		return isHeld ? lock : void 0;
	} finally {
		if (!isHeld) lock[Symbol.dispose]();
	}
}
// golden/.draft-xVU5XF/library/package/dist/files/in-order.js
/** The tasks that wait for each key that has one running, in the order of the calls. */
const queues = /* @__PURE__ */ new Map();
/** A task timed out before its start; it is never started. */
var QueueTimeoutError = class extends Error {};
/** Waits for the turn of the caller, as {@link inOrder}. @returns what ends that turn; to be called once. @throws QueueTimeoutError. */
async function enterQueue(key, waitMs) {
	await start(key, waitMs);
	return () => startNext(key);
}
async function start(key, waitMs) {
	const waiting = queues.get(key);
	if (!waiting) {
		queues.set(key, /* @__PURE__ */ new Set());
		return;
	}
	await new Promise((resolve, reject) => {
		const begin = () => {
			clearTimeout(timer);
			resolve();
		};
		const timer = setTimeout(() => {
			waiting.delete(begin);
			reject(new QueueTimeoutError(`waited ${waitMs} ms for the tasks before`));
		}, waitMs);
		waiting.add(begin);
	});
}
function startNext(key) {
	const waiting = queues.get(key);
	const [next] = waiting ?? [];
	if (!next) {
		queues.delete(key);
		return;
	}
	waiting?.delete(next);
	next();
}
// golden/.draft-xVU5XF/library/package/dist/files/lock-file.js
const CREATE_FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
/**
* Makes the lock file at `path` unless it is there.
* @returns which file it is. @throws ContractError `not_a_file`, or the error of the system.
*/
function ensureLockFile(path) {
	const stat = lookAt(path) ?? createLockFile(path);
	if (stat.isFile() && stat.nlink === 1n && stat.size === 0n) return stat;
	throw new ContractError("not_a_file", `cannot lock ${path}: expected an empty regular file with no other name; remove it and try again`);
}
/** Whether the file at `path` is still the one that had `identity`. */
function isSameFile(path, { dev, ino, ctimeNs }) {
	const stat = lookAt(path);
	return stat !== void 0 && stat.dev === dev && stat.ino === ino && stat.ctimeNs === ctimeNs;
}
function lookAt(path) {
	return lstatSync(path, {
		bigint: true,
		throwIfNoEntry: false
	});
}
function createLockFile(path) {
	try {
		const file = openFile(path, CREATE_FLAGS, 384);
		try {
			openToWritersOf(dirname(path), file);
		} finally {
			closeFile(file);
		}
	} catch (error) {
		if (error.code !== "EEXIST") throw error;
	}
	return lstatSync(path, { bigint: true });
}
/**
* The users who may write the directory may take the lock, whichever of them was first; others may not, as even one who
* can only read the file could hold a lock on it.
*/
function openToWritersOf(directory, file) {
	const { mode, uid, gid } = statSync(directory);
	const write = mode & 146;
	try {
		if (process.geteuid?.() === 0) fchownSync(file, uid, gid);
		fchmodSync(file, write | write << 1);
	} catch {}
}
// golden/.draft-xVU5XF/library/package/dist/files/file-lock.js
var __addDisposableResource = function(env, value, async) {
	if (value !== null && value !== void 0) {
		if (typeof value !== "object" && typeof value !== "function") throw new TypeError("Object expected.");
		var dispose, inner;
		if (async) {
			if (!Symbol.asyncDispose) throw new TypeError("Symbol.asyncDispose is not defined.");
			dispose = value[Symbol.asyncDispose];
		}
		if (dispose === void 0) {
			if (!Symbol.dispose) throw new TypeError("Symbol.dispose is not defined.");
			dispose = value[Symbol.dispose];
			if (async) inner = dispose;
		}
		if (typeof dispose !== "function") throw new TypeError("Object not disposable.");
		if (inner) dispose = function() {
			try {
				inner.call(this);
			} catch (e) {
				return Promise.reject(e);
			}
		};
		env.stack.push({
			value,
			dispose,
			async
		});
	} else if (async) env.stack.push({ async: true });
	return value;
};
var __disposeResources = (function(SuppressedError) {
	return function(env) {
		function fail(e) {
			env.error = env.hasError ? new SuppressedError(e, env.error, "An error was suppressed during disposal.") : e;
			env.hasError = true;
		}
		var r, s = 0;
		function next() {
			while (r = env.stack.pop()) try {
				if (!r.async && s === 1) return s = 0, env.stack.push(r), Promise.resolve().then(next);
				if (r.dispose) {
					var result = r.dispose.call(r.value);
					if (r.async) return s |= 2, Promise.resolve(result).then(next, function(e) {
						fail(e);
						return next();
					});
				} else s |= 1;
			} catch (e) {
				fail(e);
			}
			if (s === 1) return env.hasError ? Promise.reject(env.error) : Promise.resolve();
			if (env.hasError) throw env.error;
		}
		return next();
	};
})(typeof SuppressedError === "function" ? SuppressedError : function(error, suppressed, message) {
	var e = new Error(message);
	return e.name = "SuppressedError", e.error = error, e.suppressed = suppressed, e;
});
/** The pauses between two attempts to take a lock that another process holds: the first and the longest, in ms. */
const PAUSE_MS = [1, 16];
/** How many times the lock file may be replaced by others while we take the lock. */
const MAX_REPLACED = 10;
/** The lock was not taken: `code` is `locked`, or names the fault of its file. */
var FileLockError = class extends ContractError {};
/**
* Runs `task` while no other process, and nothing else in this one, runs a task with the lock file `path`. The file is
* made if need be and stays there, empty. The kernel holds the lock: it ends with the process, however that ends, and is
* never taken from a process that is merely stopped or slow.
* @param waitMs - how long to wait for the lock, in ms.
* @throws FileLockError without having run `task`; what `task` throws.
*/
async function withFileLock(path, waitMs, task) {
	const env_1 = {
		stack: [],
		error: void 0,
		hasError: false
	};
	try {
		return await task(__addDisposableResource(env_1, await takeFileLock(path, waitMs), false));
	} catch (e_1) {
		env_1.error = e_1;
		env_1.hasError = true;
	} finally {
		__disposeResources(env_1);
	}
}
/** Takes the lock of {@link withFileLock} for longer than one task. @throws FileLockError. */
async function takeFileLock(path, waitMs) {
	const end = performance.now() + waitMs;
	try {
		const leave = await enterQueue(path, waitMs);
		try {
			const held = await takeFromOthers(path, end);
			return {
				isCurrent: held.isCurrent,
				[Symbol.dispose]() {
					held[Symbol.dispose]();
					leave();
				}
			};
		} catch (error) {
			leave();
			throw error;
		}
	} catch (error) {
		throw lockError(path, waitMs, error);
	}
}
async function takeFromOthers(path, end) {
	for (let replaced = 0; replaced < MAX_REPLACED; replaced += 1) {
		const identity = ensureLockFile(path);
		const lock = openLock(path, 0);
		let isHeld = false;
		try {
			await tryUntil(end, lock);
			const isCurrent = () => isSameFile(path, identity);
			isHeld = isCurrent();
			if (isHeld) return {
				isCurrent,
				[Symbol.dispose]: () => lock[Symbol.dispose]()
			};
		} finally {
			if (!isHeld) lock[Symbol.dispose]();
		}
	}
	throw new BusyError();
}
/** Another process holds the lock. */
var BusyError = class extends Error {};
async function tryUntil(end, lock) {
	for (let pause = PAUSE_MS[0]; !lock.tryLock(); pause = Math.min(2 * pause, PAUSE_MS[1])) {
		if (performance.now() >= end) throw new BusyError();
		await setTimeout$1(pause * (.5 + Math.random()));
	}
}
function lockError(path, waitMs, error) {
	if (error instanceof BusyError || error instanceof QueueTimeoutError) return new FileLockError("locked", `cannot lock ${path}: ${`expected to get it within ${waitMs / 1e3} s, but another request or process holds it`}; try again, or see with lslocks which one it is`, { cause: error });
	const { code, message } = error instanceof ContractError ? error : reasonOf(path, error);
	return new FileLockError(code, message, { cause: error });
}
/** SQLite does not report why it cannot open a file, so ask the system again. */
function reasonOf(path, error) {
	if (error.syscall !== void 0) return fileError("lock", path, error);
	try {
		accessSync(dirname(path), constants.R_OK | constants.X_OK);
		accessSync(path, constants.R_OK | constants.W_OK);
	} catch (refusal) {
		return fileError("lock", path, refusal);
	}
	return {
		code: "io",
		message: `cannot lock ${path}: ${error.message}`
	};
}
// golden/.draft-xVU5XF/library/package/dist/text.pure.js
const LINE_CONTROLS = /[\t\n\r\u2028\u2029]+/g;
const HIDDEN_CONTROLS = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;
/** `text` on one line and without control characters, so that a terminal or a log can show it as it is. */
function plainText(text) {
	return text.replace(LINE_CONTROLS, " ").replace(HIDDEN_CONTROLS, "").trim();
}
/** A string for people from a file that anybody may have written: plain and short, or `null` if it is not a string. */
function shownText(value, maxLength) {
	if (typeof value !== "string") return null;
	return plainText(value.slice(0, maxLength * 2)).slice(0, maxLength);
}
// golden/.draft-xVU5XF/library/package/dist/marker/schema.pure.js
/** Name of the marker in a profile's home directory. */
const DRAIN_REQUEST_FILENAME = ".drain_request.json";
/** Name of the empty file beside the marker whose lock the writers of the marker hold, one at a time. */
const DRAIN_LOCK_FILENAME = ".drain_request.lock";
/** The longest reason, in UTF-16 code units. */
const MAX_REASON_LENGTH = 500;
/** Bounds and default of a marker's life, in seconds. */
const MAX_AGE_SECONDS = {
	min: 1,
	max: 86400,
	default: 3600
};
/** Bounds of the time from a begin to the first refusal, in seconds. */
const LEAD_SECONDS = {
	min: 0,
	max: 300
};
/** The reason for the drain, for other operators. Control characters are removed. */
const reasonSchema = string().max(500).transform(plainText);
/** Seconds until a marker expires unless it is refreshed. */
const maxAgeSecondsSchema = number().min(MAX_AGE_SECONDS.min).max(MAX_AGE_SECONDS.max);
/** Seconds for which a gateway still accepts turns after a begin, while it is no longer ready. */
const leadSecondsSchema = number().min(LEAD_SECONDS.min).max(LEAD_SECONDS.max);
/** The id of a drain, which its client may choose. */
const requestIdSchema = uuid();
/** The marker as we write it: the reference system's five fields in its order, then our optional ones. */
const drainRequestSchema = object({
	action: literal("drain"),
	requested_at: string(),
	principal: string().max(200),
	epoch: string(),
	suppress_notification: boolean(),
	request_id: requestIdSchema,
	reason: reasonSchema.optional(),
	max_age_seconds: maxAgeSecondsSchema.optional(),
	refuse_after: string().optional()
});
// golden/.draft-xVU5XF/library/package/dist/marker/python-truth.pure.js
/** Python's truth value of a value that came from JSON: the reference system tests its flags by `if value`. */
function isPythonTruthy(value) {
	if (typeof value === "object" && value !== null) return Object.keys(value).length > 0;
	return Boolean(value);
}
// golden/.draft-xVU5XF/library/package/dist/marker/parse.pure.js
/** Interprets the result of a read of the marker. Total: any bytes have a meaning. */
function parseMarker(sighting) {
	if (sighting.kind !== "bytes") return sighting;
	const body = decodeJsonObject(sighting.bytes);
	return {
		kind: body === void 0 ? "corrupt" : "object",
		body: body ?? {},
		fields: fieldsOf(body ?? {}),
		requestedAt: parseIsoDateTime(body?.requested_at),
		refuseAfter: parseIsoDateTime(body?.refuse_after),
		mtimeMs: sighting.mtimeMs
	};
}
function fieldsOf(body) {
	return {
		request_id: shownText(body.request_id, 100),
		principal: shownText(body.principal, 200),
		reason: shownText(body.reason, 500),
		requested_at: shownText(body.requested_at, 100),
		suppress_notification: isPythonTruthy(body.suppress_notification),
		max_age_seconds: maxAgeOf(body.max_age_seconds),
		refuse_after: parseIsoDateTime(body.refuse_after) === void 0 ? null : shownText(body.refuse_after, 100)
	};
}
function maxAgeOf(value) {
	return typeof value === "number" && value >= MAX_AGE_SECONDS.min && value <= MAX_AGE_SECONDS.max ? value : null;
}
/**
* A `refuse_after` further than this after the beginning of the drain counts for nothing, in ms. Measured from there, so that
* it never becomes usable by the passing of time: a gateway that refuses must not begin to admit.
*/
const MAX_LEAD_MS = LEAD_SECONDS.max * 1e3 + 3e5;
/** The verdict on a marker. Pure and total: never throws, whatever the bytes. */
function drainVerdict(input) {
	return judgeMarker(parseMarker(input.marker), input.epoch, input.now);
}
/** The verdict on a marker that has been parsed before, for readers that look more often than the marker changes. */
function judgeMarker(marker, epoch, now) {
	if (marker.kind === "absent") return {
		active: false,
		reason: "absent"
	};
	if ("code" in marker) return {
		active: false,
		reason: marker.kind,
		code: marker.code
	};
	const { body, fields: request } = marker;
	const reason = marker.kind === "corrupt" ? "corrupt" : epochReason(body.epoch, epoch);
	if (reason === "stale-epoch") return {
		active: false,
		reason,
		body,
		request
	};
	const since = beginning(marker, now);
	const expiresAt = (since ?? NaN) + (request.max_age_seconds ?? MAX_AGE_SECONDS.default) * 1e3;
	if (since === void 0 || now > expiresAt) return {
		active: false,
		reason: "expired",
		body,
		request
	};
	const { refuseAfter } = marker;
	if (refuseAfter !== void 0 && now < refuseAfter && refuseAfter - since <= MAX_LEAD_MS) return {
		active: false,
		reason: "announced",
		body,
		request,
		refuseAfter,
		expiresAt
	};
	return {
		active: true,
		reason,
		body,
		request,
		expiresAt
	};
}
/** Whether a drain is in force or announced: then it has a holder, who may refresh or cancel it. */
function isDrainHeld(verdict) {
	return verdict.active || verdict.reason === "announced";
}
/** When the drain began, in Unix ms: at its date, else at the mtime of its file; `undefined` when neither can be. */
function beginning({ requestedAt, mtimeMs }, now) {
	return [requestedAt, mtimeMs].find((time) => time !== void 0 && !(time > now + 3e5));
}
/** Lenient on purpose: only a definite mismatch makes a marker stale. */
function epochReason(stamped, current) {
	if (!isPythonTruthy(stamped)) return "no-epoch";
	if (current === "") return "epoch-unknown";
	return stamped === current ? "current" : "stale-epoch";
}
// golden/.draft-xVU5XF/library/package/dist/marker/identity.js
/** Begins the identity of a drain whose marker has no id. */
const STRETCH = "since:";
/**
* Which drain a verdict is about, as a text that is the same for one drain and differs between two; `null` outside a drain. An
* announced drain is one already.
* It is the `request_id`. A marker without one, as the reference system writes it, is known only by the unbroken stretch
* in which such a marker was in force, named by the first `requested_at` seen, or the time of a file that says none: a
* refresh, which changes that time, begins no other drain, and a marker that comes after a look without one does. While the marker cannot be looked at, the drain
* stays the one that it was.
* @param previous - what this function returned at the look before; `null` at the first.
*/
function drainIdentity(previous, verdict) {
	if (verdict.reason === "unavailable") return previous;
	if (!isDrainHeld(verdict)) return null;
	const { request_id, requested_at } = verdict.request;
	return request_id || (previous?.startsWith(STRETCH) ? previous : stretchSince(requested_at ?? beginningOf(verdict)));
}
/** The identity of the drain that a gateway reports: older releases publish none. */
function publishedIdentity({ identity, request_id, requested_at }) {
	return identity ?? (request_id || stretchSince(requested_at ?? "unknown"));
}
function stretchSince(time) {
	return `${STRETCH}${time}`;
}
/** Unix ms. */
function beginningOf({ expiresAt, request }) {
	return Math.trunc(expiresAt - (request.max_age_seconds ?? MAX_AGE_SECONDS.default) * 1e3);
}
// golden/.draft-xVU5XF/library/package/dist/marker/path.js
/** Absolute path of the drain marker. Touches no file. */
function drainRequestPath(options = {}) {
	return join(resolveHome(options), DRAIN_REQUEST_FILENAME);
}
// golden/.draft-xVU5XF/library/package/dist/marker/read.js
/**
* The marker's JSON object: `undefined` when there is none or it cannot be read, `{}` when it is corrupt. Never throws.
* A failed read is `undefined`, too; the verdict distinguishes it from an absent marker.
*/
function readDrainRequest(options = {}) {
	const marker = parseMarker(readRareFile(drainRequestPath(options)));
	return marker.kind === "object" || marker.kind === "corrupt" ? marker.body : void 0;
}
/** The verdict on the marker as it is on disk now. Never throws. */
function readDrainVerdict(options = {}) {
	return drainVerdict({
		marker: readRareFile(drainRequestPath(options)),
		epoch: options.epoch ?? currentInstantiationEpoch(),
		now: options.now ?? Date.now()
	});
}
/** Whether a drain is in force, or may be because the marker cannot be read now. Never throws. */
function drainRequested(options = {}) {
	const { active, reason } = readDrainVerdict(options);
	return active || reason === "unavailable";
}
/** Whether the drain in force suppresses the shutdown notice to the home channels. Never throws. */
function drainNotificationSuppressed(options = {}) {
	const verdict = readDrainVerdict(options);
	return verdict.active && verdict.request.suppress_notification;
}
// ../../node_modules/.pnpm/uuid@14.0.3/node_modules/uuid/dist-node/stringify.js
const byteToHex = [];
for (let i = 0; i < 256; ++i) byteToHex.push((i + 256).toString(16).slice(1));
function unsafeStringify(arr, offset = 0) {
	return (byteToHex[arr[offset + 0]] + byteToHex[arr[offset + 1]] + byteToHex[arr[offset + 2]] + byteToHex[arr[offset + 3]] + "-" + byteToHex[arr[offset + 4]] + byteToHex[arr[offset + 5]] + "-" + byteToHex[arr[offset + 6]] + byteToHex[arr[offset + 7]] + "-" + byteToHex[arr[offset + 8]] + byteToHex[arr[offset + 9]] + "-" + byteToHex[arr[offset + 10]] + byteToHex[arr[offset + 11]] + byteToHex[arr[offset + 12]] + byteToHex[arr[offset + 13]] + byteToHex[arr[offset + 14]] + byteToHex[arr[offset + 15]]).toLowerCase();
}
// ../../node_modules/.pnpm/uuid@14.0.3/node_modules/uuid/dist-node/rng.js
const rnds8 = /* @__PURE__ */ new Uint8Array(16);
function rng() {
	return crypto.getRandomValues(rnds8);
}
// ../../node_modules/.pnpm/uuid@14.0.3/node_modules/uuid/dist-node/v7.js
const _state = {};
function v7(options, buf, offset) {
	let bytes;
	if (options) bytes = v7Bytes(options.random ?? options.rng?.() ?? rng(), options.msecs, options.seq, buf, offset);
	else {
		const now = Date.now();
		const rnds = rng();
		updateV7State(_state, now, rnds);
		bytes = v7Bytes(rnds, _state.msecs, _state.seq, buf, offset);
	}
	return buf ?? unsafeStringify(bytes);
}
function updateV7State(state, now, rnds) {
	state.msecs ??= -Infinity;
	state.seq ??= 0;
	if (now > state.msecs) {
		state.seq = v7Sequence(rnds);
		state.msecs = now;
	} else {
		state.seq = state.seq + 1 | 0;
		if (state.seq === 0) state.msecs++;
	}
	return state;
}
function v7Bytes(rnds, msecs, seq, buf, offset = 0) {
	if (rnds.length < 16) throw new Error("Random bytes length must be >= 16");
	if (!buf) {
		buf = /* @__PURE__ */ new Uint8Array(16);
		offset = 0;
	} else if (offset < 0 || offset + 16 > buf.length) throw new RangeError(`UUID byte range ${offset}:${offset + 15} is out of buffer bounds`);
	msecs ??= Date.now();
	seq ??= v7Sequence(rnds);
	buf[offset++] = msecs / 1099511627776 & 255;
	buf[offset++] = msecs / 4294967296 & 255;
	buf[offset++] = msecs / 16777216 & 255;
	buf[offset++] = msecs / 65536 & 255;
	buf[offset++] = msecs / 256 & 255;
	buf[offset++] = msecs & 255;
	buf[offset++] = 112 | seq >>> 28 & 15;
	buf[offset++] = seq >>> 20 & 255;
	buf[offset++] = 128 | seq >>> 14 & 63;
	buf[offset++] = seq >>> 6 & 255;
	buf[offset++] = seq << 2 & 255 | rnds[10] & 3;
	buf[offset++] = rnds[11];
	buf[offset++] = rnds[12];
	buf[offset++] = rnds[13];
	buf[offset++] = rnds[14];
	buf[offset++] = rnds[15];
	return buf;
}
function v7Sequence(rnds) {
	return (rnds[6] & 127) << 24 | rnds[7] << 16 | rnds[8] << 8 | rnds[9];
}
// golden/.draft-xVU5XF/library/package/dist/state/path.js
/** Name of the state file in a profile's home directory. */
const GATEWAY_STATE_FILENAME = "gateway_state.json";
/** Absolute path of the gateway's state file. Touches no file. */
function gatewayStatePath(options = {}) {
	return join(resolveHome(options), GATEWAY_STATE_FILENAME);
}
// golden/.draft-xVU5XF/library/package/dist/state/schema.pure.js
/** The states of a gateway's life. */
const LIFECYCLE_STATES = [
	"starting",
	"running",
	"draining",
	"stopping",
	"stopped",
	"startup_failed"
];
/** At most this many turns are listed, the oldest first. */
const MAX_ACTIVE_WORK = 20;
/** The check of a turn in flight. */
const activeWorkSchema = object({
	id: string(),
	kind: string(),
	session: string(),
	started_at: string(),
	last_progress_at: string(),
	/** Whether it has been silent for longer than its gateway allows. */
	stalled: boolean().default(false)
});
/** The check of a gateway's own account of a drain. */
const drainObservationSchema = object({
	/** Which drain it is, as `drainIdentity` has it; older releases do not say. */
	identity: string().exactOptional(),
	request_id: string().nullable(),
	principal: string().nullable(),
	reason: string().nullable(),
	requested_at: string().nullable(),
	/** When the gateway noticed. */
	observed_at: string(),
	/** When the last turn in flight ended; `null` while there is one. */
	drained_at: string().nullable()
});
/** The check of an account of an end. */
const gatewayExitSchema = object({
	at: string(),
	/** The signal it died by, or `null`. */
	signal: string().nullable(),
	/** Its exit status, or `null` when it died by a signal. */
	code: number().int().nullable(),
	reason: string(),
	/** Turns that were cut off. */
	interrupted: number().int().nonnegative(),
	/** Turns that ended and whose end could not be stored: the next process runs them again, or reports them as interrupted. */
	unstored: number().int().nonnegative().optional()
});
/** The check of a state that is about to be written. */
const gatewayStateSchema = object({
	gateway_state: _enum(LIFECYCLE_STATES),
	/** Turns in flight. */
	active_agents: number().int().nonnegative(),
	active_work: array(activeWorkSchema).max(20),
	drain: drainObservationSchema.nullable(),
	pid: number().int().positive(),
	epoch: string(),
	/** Base URL of its API, or `null` before it listens. */
	endpoint: string().nullable(),
	started_at: string(),
	/** Heartbeat. */
	updated_at: string(),
	/** Seconds that a shutdown waits for turns in flight. */
	restart_drain_timeout: number().nonnegative(),
	exit: gatewayExitSchema.nullable(),
	version: string(),
	/** While it starts, what is in its way and tried again. */
	start_problem: string().exactOptional(),
	/** Messages that are stored and have not started. */
	queued_turns: number().int().nonnegative().exactOptional(),
	/** Messages refused since this process noticed the drain it is in; 0 outside one. */
	refused_turns: number().int().nonnegative().exactOptional(),
	/** Seconds from the signal that stops it to its end at most, `restart_drain_timeout` included. */
	stop_timeout: number().nonnegative().exactOptional(),
	/** Seconds that a turn may take at most. */
	turn_timeout: number().nonnegative().exactOptional(),
	/** The desired state that the reference system left in this file; a gateway keeps it as it found it. */
	desired_state: string().exactOptional(),
	/** Start time of the process in clock ticks since boot, field 22 of `/proc/PID/stat`: tells it from a later one of the same id. */
	start_time: number().int().nonnegative().exactOptional()
});
/** The forgiving check of a state that is read: it accepts any JSON object. */
const gatewayStateViewSchema = object({
	gateway_state: string().nullable().catch(null),
	/** `null` when the file does not say: unknown, which is never safe. */
	active_agents: number().int().nonnegative().nullable().catch(null),
	active_work: array(activeWorkSchema).catch([]),
	drain: drainObservationSchema.nullable().catch(null),
	pid: number().int().positive().nullable().catch(null),
	epoch: string().catch(""),
	endpoint: string().nullable().catch(null),
	started_at: string().nullable().catch(null),
	updated_at: string().nullable().catch(null),
	restart_drain_timeout: number().nonnegative().nullable().catch(null),
	exit: gatewayExitSchema.nullable().catch(null),
	version: string().nullable().catch(null),
	start_problem: string().nullable().catch(null),
	queued_turns: number().int().nonnegative().nullable().catch(null),
	refused_turns: number().int().nonnegative().nullable().catch(null),
	stop_timeout: number().nonnegative().nullable().catch(null),
	turn_timeout: number().nonnegative().nullable().catch(null),
	start_time: number().int().nonnegative().nullable().catch(null),
	/** The desired state, which the reference system keeps in this file. */
	desired_state: string().nullable().catch(null)
});
// golden/.draft-xVU5XF/library/package/dist/state/file.js
/** Never throws. */
function lookAtGatewayState(options = {}) {
	const sighting = readSmallFile(gatewayStatePath(options));
	if (sighting.kind === "unavailable") return {
		state: void 0,
		unavailable: sighting.code
	};
	const body = sighting.kind === "bytes" ? decodeJsonObject(sighting.bytes) : void 0;
	return { state: body && gatewayStateViewSchema.parse(body) };
}
/** What the gateway last said it is; `undefined` when the file is absent, unreadable or corrupt. Never throws. */
function readGatewayState(options = {}) {
	return lookAtGatewayState(options).state;
}
/**
* Publishes the gateway's state. Only that gateway may call it.
* @throws ContractError with the old state intact, unless it says "cannot durably write".
*/
async function writeGatewayState(state, options = {}) {
	await replaceFileIf(gatewayStatePath(options), encodeJson(state), options.isCurrent ?? (() => true));
}
/**
* Publishes the gateway's state before it returns, for what must not happen before readers can see it. Not durable; a
* state does not outlive its process. Only that gateway may call it. @throws ContractError with the old state intact.
*/
function writeGatewayStateNow(state, options = {}) {
	replaceFileNow(gatewayStatePath(options), encodeJson(state));
}
// golden/.draft-xVU5XF/library/package/dist/state/liveness.pure.js
/** A gateway writes its state at least this often, in ms. */
const HEARTBEAT_INTERVAL_MS = 1e4;
/** A gateway that has not written for this long is not live, in ms. */
const HEARTBEAT_TIMEOUT_MS = 3e4;
/**
* A state older than this proves nothing about the turns in flight, in ms: its gateway has missed a heartbeat, so it
* could not publish what has happened since. The margin covers the write itself and clocks that differ.
*/
const SAFE_STATE_TIMEOUT_MS = 13e3;
const ALIVE_STATES = /* @__PURE__ */ new Set([
	"starting",
	"running",
	"draining",
	"stopping"
]);
/** Whether the writer of `state` says that it is still there. */
function claimsToLive(state) {
	return state !== void 0 && ALIVE_STATES.has(state.gateway_state);
}
const ENDED_STATES = /* @__PURE__ */ new Set(["stopped", "startup_failed"]);
/** Whether the writer of `state` says that it has ended. */
function hasEnded(state) {
	return state !== void 0 && ENDED_STATES.has(state.gateway_state);
}
/**
* Whether the writer of `state` is still there: it claims to be, and its heartbeat is fresh at `now` (Unix ms).
* A heartbeat from the future counts only within the same bound, so that a wrong clock cannot keep a dead gateway alive.
*/
function isGatewayLive(state, now) {
	if (!claimsToLive(state)) return false;
	return ageOf(state, now) < HEARTBEAT_TIMEOUT_MS;
}
/** How far the heartbeat of `state` is from `now`, in either direction, in ms; NaN when it has none. */
function ageOf(state, now) {
	return Math.abs(now - (parseIsoDateTime(state.updated_at) ?? NaN));
}
// golden/.draft-xVU5XF/library/package/dist/state/process.js
/** A line is shorter; what concerns us stands at its beginning. */
const STAT_BYTES = 1024;
/** The start time of this process in clock ticks since boot; `undefined` where there is no `/proc` that tells it. */
function processStartTime() {
	const ticks = parseStartTime(statOf("self"));
	return ticks === "" ? void 0 : Number(ticks);
}
/** Whether the process `pid` runs and is the one that started then. False where that cannot be seen. */
function isRunningSince(pid, startTime) {
	return isRunning(statOf(pid), startTime);
}
/** Whether the process `pid` that started then has ended. False where that cannot be seen. */
function hasEndedSince(pid, startTime) {
	const stat = statOf(pid);
	return stat !== "" && !isRunning(stat, startTime);
}
function isRunning(stat, startTime) {
	return parseStartTime(stat) === String(startTime) && !["Z", "X"].includes(parseProcessState(stat));
}
function statOf(process) {
	try {
		const file = openFile(`/proc/${process}/stat`, constants.O_RDONLY);
		try {
			const buffer = Buffer.alloc(STAT_BYTES);
			return buffer.toString("latin1", 0, readSync(file, buffer));
		} finally {
			closeFile(file);
		}
	} catch {
		return "";
	}
}
// golden/.draft-xVU5XF/library/package/dist/state/observe.js
/** Looks at the gateway of a home from outside. Never throws. */
function observeGateway(options = {}) {
	const own = currentInstantiationEpoch();
	const sighting = lookAtGatewayState(options);
	const { state } = sighting;
	const isFresh = isGatewayLive(state, options.now ?? Date.now());
	const live = isFresh ? !isKnownDead(state, own) : isSeenAlive(state, own);
	const liveness = live ? isFresh ? "live" : "frozen" : absence(state, own);
	return {
		...sighting,
		live,
		liveness,
		epoch: live && state ? state.epoch : own
	};
}
/** Whether the process of an observed gateway has visibly died, whatever its file says. Reads no file; never throws. */
function hasGatewayDied({ state }) {
	return isKnownDead(state, currentInstantiationEpoch());
}
/** Why a gateway is not live. */
function absence(state, own) {
	if (hasEnded(state)) return "stopped";
	if (!claimsToLive(state)) return "unknown";
	if (isKnownDead(state, own)) return "died";
	const { pid, start_time, epoch } = state;
	return own !== "" && epoch === own && pid !== null && start_time !== null && hasEndedSince(pid, start_time) ? "died" : "unknown";
}
/** A clock that was set ages a heartbeat at once, and a full volume keeps it old; neither ends a process beside us. */
function isSeenAlive(state, own) {
	if (!claimsToLive(state) || own === "" || state.epoch !== own) return false;
	return state.pid !== null && state.start_time !== null && isRunningSince(state.pid, state.start_time);
}
/** Within one boot of one container, process ids are ours to check, which is quicker than waiting for the heartbeat. */
function isKnownDead(state, own) {
	if (!state?.pid || own === "" || state.epoch !== own) return false;
	try {
		process.kill(state.pid, 0);
		return false;
	} catch (error) {
		return error.code === "ESRCH";
	}
}
// golden/.draft-xVU5XF/library/package/dist/marker/lock.js
/** How long a writer of the marker waits for the lock, in ms. */
const WAIT_MS = 2e3;
/**
* Runs `task` while no other writer of the marker at `path` looks at it or changes it. Readers need no lock. Programs
* of the reference system take none.
*/
function withMarkerLock(path, task) {
	return withFileLock(lockPath(path), WAIT_MS, task);
}
/** Makes the file of the lock, if need be: on a full volume there is no room for it. @returns whether it is there. */
function keepMarkerLock(path) {
	try {
		ensureLockFile(lockPath(path));
		return true;
	} catch {
		return false;
	}
}
function lockPath(path) {
	return join(dirname(path), DRAIN_LOCK_FILENAME);
}
// golden/.draft-xVU5XF/library/package/dist/marker/write.js
/** How many times a writer begins anew because a program without the lock changed the marker meanwhile. */
const MAX_LOOKS = 10;
/**
* Begins a drain, or refreshes the one in force: `requested_at` becomes now, `request_id` stays.
* Durable and visible to every reader once the promise is fulfilled. A lock serializes the writers of all processes.
* @returns the marker as written. @throws ContractError with the old marker intact; or, where it says "cannot durably
* write", with the new one in force, which a power loss may undo. `locked` when other writers hold the lock for too long.
*/
function writeDrainRequest(options = {}) {
	const path = drainRequestPath(options);
	return withMarkerLock(path, async (lock) => {
		for (let looks = 0; looks < MAX_LOOKS && lock.isCurrent(); looks += 1) {
			const seen = lookAtMarker(path, options);
			requireLook(path, options, seen);
			const request = composeRequest(options, seen);
			if (await placeMarker(path, encodeJson(request), seen.marker, lock)) return request;
		}
		throw new ContractError("locked", `cannot write ${path}: other programs change it or its lock; try again`);
	});
}
/**
* Keeps room on the volume for one marker, so that a drain can begin where nothing else can be written any more: a
* full volume is a reason to drain. To be called by the program that writes markers, at its start and after each one.
* Never fails. @returns whether there is room.
*/
async function keepRoomForDrainRequest(options = {}) {
	const path = drainRequestPath(options);
	return keepMarkerLock(path) && await keepReserve(path);
}
/** Puts `text` in the place of what was `seen` there. @returns false if something else is there now. */
function placeMarker(path, text, seen, lock) {
	if (seen.kind === "absent") return createFile(path, text);
	return replaceFileIf(path, text, () => lock.isCurrent() && isSameSighting(seen, readRareFile(path)));
}
/**
* Cancels a drain by removing the marker. Idempotent.
* @returns true if there was one. @throws ContractError if it could not be removed, or belongs to another request; or,
* where it says "cannot durably remove", with the marker gone, which a power loss may undo. `locked` when a request is
* named and other writers do not get done in time; a cancel that names none goes ahead without them.
*/
async function clearDrainRequest(options = {}) {
	return (await cancelDrainRequest(options)).reason !== "absent";
}
/** As {@link clearDrainRequest}. @returns the verdict on what was removed; `absent` when there was nothing. */
async function cancelDrainRequest(options = {}) {
	const path = drainRequestPath(options);
	const cancel = async () => {
		const seen = lookAtMarker(path, options);
		const { verdict } = seen;
		const { requestId, clientRequestId } = options;
		if (requestId !== void 0 || clientRequestId !== void 0) requireLook(path, options, seen);
		if (requestId !== void 0) requireHolder(verdict, requestId);
		requireOwn(clientRequestId, isDrainHeld(verdict) ? verdict.request : void 0);
		return await removeFile(path) ? verdict : {
			active: false,
			reason: "absent"
		};
	};
	try {
		return await withMarkerLock(path, cancel);
	} catch (error) {
		if (error instanceof FileLockError && cancelsWithoutLock(options, error)) return cancel();
		throw error;
	}
}
/**
* An operator can always cancel. A cancel that names no request removes whichever is there, so it needs no other writer
* to stand still; one that names a request must not guess, unless there is no room for another drain anyway.
*/
function cancelsWithoutLock({ requestId, clientRequestId }, { code }) {
	return requestId === void 0 && clientRequestId === void 0 || code === "no_space" || code === "home_missing";
}
function lookAtMarker(path, options) {
	const now = Date.now();
	const gateway = options.epoch === void 0 ? observeGateway({
		home: options.home,
		now
	}) : { epoch: options.epoch };
	const { epoch } = gateway;
	const marker = readRareFile(path);
	const verdict = drainVerdict({
		marker,
		epoch,
		now
	});
	const unavailable = "unavailable" in gateway ? gateway.unavailable : void 0;
	return {
		marker,
		epoch,
		now,
		verdict,
		...unavailable === void 0 ? {} : { unavailable }
	};
}
/** @throws ContractError `unavailable`: a marker that cannot be read must be neither replaced nor attributed to another request. */
function requireLook(path, { home }, { verdict, unavailable }) {
	if (unavailable !== void 0) throw fileError("look at", gatewayStatePath({ home }), { code: unavailable });
	if (verdict.reason === "unavailable") throw fileError("look at", path, { code: verdict.code });
}
function composeRequest(options, { verdict, epoch, now }) {
	const running = isDrainHeld(verdict) ? verdict.request : void 0;
	requirePrecondition(options.requestId, running);
	requireOwn(options.clientRequestId, running);
	const runningId = drainRequestSchema.shape.request_id.safeParse(running?.request_id);
	const parsed = drainRequestSchema.safeParse({
		action: "drain",
		requested_at: formatIsoDateTime(now),
		principal: options.principal ?? (running?.principal || "drain-control"),
		epoch,
		suppress_notification: options.suppressNotification ?? running?.suppress_notification ?? false,
		request_id: options.clientRequestId ?? runningId.data ?? v7(),
		...given("reason", plainText(options.reason ?? running?.reason ?? "")),
		...given("max_age_seconds", options.maxAgeSeconds ?? running?.max_age_seconds),
		...given("refuse_after", running ? keptRefuseAfter(verdict, now) : newRefuseAfter(options.leadSeconds, now))
	});
	if (parsed.success) return parsed.data;
	const issue = parsed.error.issues[0];
	throw badRequest(issue?.path.join("."), issue?.message);
}
/** A time that counts for nothing yet is not kept: beside the newer `requested_at` it might. */
function keptRefuseAfter({ reason, request }, now) {
	const time = request?.refuse_after ?? null;
	return reason === "announced" || Date.parse(time ?? "") <= now ? time : null;
}
function newRefuseAfter(leadSeconds, now) {
	const lead = leadSecondsSchema.default(0).safeParse(leadSeconds);
	if (!lead.success) throw badRequest("lead_seconds", lead.error.issues[0]?.message);
	return lead.data === 0 ? null : formatIsoDateTime(now + Math.round(lead.data * 1e3));
}
function badRequest(field, message) {
	return new ContractError("invalid_argument", `bad drain request: ${field}: ${message}`);
}
/** A field that is present only with a value. */
function given(key, value) {
	return value === "" || value === null || value === void 0 ? {} : { [key]: value };
}
function requirePrecondition(wanted, running) {
	if (wanted === void 0 || (wanted === null ? !running : running && isNamed(running, wanted))) return;
	throw new ContractError("request_mismatch", `expected ${wanted === null ? "no drain in force" : namesOf(wanted)}; ${running ? `the drain in force is ${nameOf(running)}` : "no drain is in force"}`);
}
function requireOwn(own, running) {
	if (own === void 0 || running === void 0 || running.request_id === own) return;
	throw new ContractError("request_held", `expected no drain in force but ${own}; ${`the drain in force is ${nameOf(running)}`}; wait for its end, or cancel it`);
}
function requireHolder(verdict, wanted) {
	if (!isDrainHeld(verdict) || isNamed(verdict.request, wanted)) return;
	throw new ContractError("request_mismatch", `the drain in force is ${nameOf(verdict.request)}, not ${namesOf(wanted)}`);
}
function isNamed({ request_id }, wanted) {
	return request_id !== null && [wanted].flat().includes(request_id);
}
function nameOf({ request_id }) {
	return request_id ?? "one without an id";
}
function namesOf(wanted) {
	return [wanted].flat().join(" or ") || "one without a name";
}
// golden/.draft-xVU5XF/library/package/dist/owner/decide.js
/**
* What root has to be in a directory, as a pure decision. Whatever a user can change may be changed at any moment, so
* root stays root only where no other user can change any part of the path, and becomes a user only where that user alone
* can: then it does not matter when a part of the path is exchanged.
*/
function decideIdentity({ directory, owner, incomplete, open, held, shared }) {
	const foreign = held.find(({ uid }) => uid !== owner.uid);
	if (foreign) return refuse(`uid ${foreign.uid} owns ${foreign.path} and can replace ${directory}, which belongs to uid ${owner.uid}`, `name a directory that no other user can replace, or run this as uid ${foreign.uid}`);
	const place = shared.find(({ gid }) => owner.uid === 0 || gid !== owner.gid);
	if (place) return refuse(`${place.gid === void 0 ? "every user" : `group ${place.gid}`} can write to ${place.path} and replace what is in it`, `chmod go-w ${place.path}, or name another directory`);
	if (owner.uid !== 0) return {
		kind: "become",
		owner
	};
	if (!open) return { kind: "stay" };
	if (incomplete) return refuse(`it does not exist, and other users can make it in ${directory}`, `create it first, or name another one`);
	return refuse(`it belongs to root, and other users can write to it`, `chmod go-w it, chown it to the user who is to work there, or name another directory`);
}
function refuse(found, cure) {
	return {
		kind: "refuse",
		found,
		cure
	};
}
// golden/.draft-xVU5XF/library/package/dist/owner/look.js
/** The maximum number of links that the kernel follows. */
const MAX_LINKS = 40;
const GROUP_WRITE = 16;
const OTHER_WRITE = 2;
const STICKY = 512;
/**
* Who can change what `path` leads to. Looks at every part from the root directory down and resolves the links itself,
* so that each part lies in a directory that has been looked at. Where the directory does not exist, it is about the
* last one on the way that does: its writers may create it. @throws a system error when it cannot be determined.
*/
function lookAtPath(path) {
	const absolute = resolve(path);
	let directory = parse(absolute).root;
	let stat = lstatSync(directory);
	const held = heldBy(directory, stat);
	const shared = [];
	const ahead = parts(absolute);
	let incomplete = false;
	for (let links = 0; ahead.length > 0;) {
		const name = ahead.shift() ?? "";
		const next = name === ".." ? dirname(directory) : join(directory, name);
		const found = lstatSync(next, { throwIfNoEntry: false });
		if (found?.isSymbolicLink()) {
			links += 1;
			if (links > MAX_LINKS) throw Object.assign(/* @__PURE__ */ new Error(`too many links in ${path}`), { code: "ELOOP" });
			const target = readlinkSync(next);
			held.push(...heldBy(next, found));
			ahead.unshift(...parts(target));
			shared.push(...sharedWith(directory, stat));
			if (target.startsWith(sep)) directory = parse(absolute).root;
			stat = lstatSync(directory);
			continue;
		}
		if (found === void 0 || !found.isDirectory()) {
			incomplete = true;
			break;
		}
		shared.push(...sharedWith(directory, stat));
		held.push(...heldBy(next, found));
		[directory, stat] = [next, found];
	}
	const { uid, gid, mode } = stat;
	const open = (mode & OTHER_WRITE) !== 0 || (mode & GROUP_WRITE) !== 0 && gid !== 0;
	return {
		directory,
		owner: {
			uid,
			gid
		},
		incomplete,
		open,
		held,
		shared
	};
}
function parts(path) {
	return path.split(sep).filter((part) => part !== "" && part !== ".");
}
function heldBy(path, { uid }) {
	return uid === 0 ? [] : [{
		path,
		uid
	}];
}
/** In a sticky directory, only the owner of an entry and the owner of the directory can replace the entry. */
function sharedWith(path, { mode, gid }) {
	if ((mode & STICKY) !== 0) return [];
	if ((mode & OTHER_WRITE) !== 0) return [{
		path,
		gid: void 0
	}];
	return (mode & GROUP_WRITE) !== 0 && gid !== 0 ? [{
		path,
		gid
	}] : [];
}
// golden/.draft-xVU5XF/library/package/dist/owner/become.js
/**
* Root in a directory of another user becomes that user for good, with that user's group alone: what root made there,
* its owner could not use, and what root read or followed there, its owner could have planted. Call it before anything
* in the directory is read. `HOME` and the working directory are then that directory, and `HERMES_HOME` is absolute.
* Changes nothing for a process that is not root, and for root where only root can change what the path leads to.
* @returns whether this process is now another user.
* @throws ContractError `not_permitted` when a third user could exchange the directory, or this root may not change users.
*/
function becomeOwner(directory) {
	if (process.geteuid?.() !== 0) return false;
	const path = resolve(directory);
	const identity = identityIn(path);
	if (identity.kind === "refuse") throw refusal(path, identity);
	if (identity.kind === "stay") return false;
	change(path, identity.owner);
	return true;
}
/**
* Holds where only root can change what `directory` leads to, and for every process that is not root.
* @throws ContractError `not_permitted`.
*/
function requireRootsOwn(directory) {
	if (process.geteuid?.() !== 0) return;
	const path = resolve(directory);
	const identity = identityIn(path);
	if (identity.kind === "refuse") throw refusal(path, identity);
	if (identity.kind === "become") {
		const { uid } = identity.owner;
		throw refusal(path, {
			found: `it belongs to uid ${uid}`,
			cure: `run this as uid ${uid}`
		});
	}
}
function identityIn(path) {
	try {
		return decideIdentity(lookAtPath(path));
	} catch (error) {
		throw fileError("look who owns", path, error);
	}
}
function change(path, owner) {
	const home = resolveHome();
	const gid = primaryGroup(owner.uid) ?? owner.gid;
	try {
		process.setgroups?.([gid]);
		process.setgid?.(gid);
		process.setuid?.(owner.uid);
	} catch (error) {
		throw refusal(path, {
			found: `it belongs to uid ${owner.uid}, which this process may not become (${error.message})`,
			cure: `run this as uid ${owner.uid}`
		}, error);
	}
	leaveRootsPlaces(path, home);
}
/** What this process starts would show its working directory to the user (/proc/PID/cwd), and look for settings in HOME. */
function leaveRootsPlaces(path, home) {
	process.env.HERMES_HOME = home;
	process.env.HOME = path;
	try {
		process.chdir(path);
	} catch {
		process.chdir("/");
	}
}
function refusal(path, { found, cure }, cause) {
	return new ContractError("not_permitted", `root does not work in ${path}: ${found}; ${cure}`, { cause });
}
/**
* A directory gets its group from the one it is made in, which may be a group that its owner is no member of. So the
* account's own group comes first; `undefined` for a user without an account, as in many containers.
*/
function primaryGroup(uid) {
	try {
		for (const line of readFileSync("/etc/passwd", "utf8").split("\n")) {
			const [, , user, group] = line.split(":");
			if (user === String(uid) && group !== void 0 && /^\d+$/.test(group)) return Number(group);
		}
	} catch {}
}
// golden/.draft-xVU5XF/library/package/dist/profile/name.pure.js
/** The profile that lives in the home directory itself. */
const DEFAULT_PROFILE = "default";
/** A slot is called `gateway-NAME`; with at most this many characters its log fits into a file name, too. */
const MAX_PROFILE_NAME_LENGTH = 251;
const PROFILE_NAME = /^[a-z0-9][a-z0-9_-]*$/;
/** Whether `name` may name a profile: it becomes a directory and a service, so the rules are strict. */
function isProfileName(name) {
	return name.length <= 251 && PROFILE_NAME.test(name);
}
// golden/.draft-xVU5XF/library/package/dist/profile/path.js
/** Name of the file that marks a directory as a profile. */
const PROFILE_MARK_FILENAME = "SOUL.md";
/** Absolute path of the directory under the root home in which every profile but the default one has its home. */
function profilesDirectory(options = {}) {
	return join(resolveHome(options), "profiles");
}
/** Absolute path of the home of the profile `name`, whether or not there is one: the root home for the default profile. */
function profileHome(name, options = {}) {
	return name === "default" ? resolveHome(options) : join(profilesDirectory(options), name);
}
// golden/.draft-xVU5XF/library/package/dist/profile/inspect.js
/**
* Looks at every profile of the root home, `default` first, the others by name. What is in the place of a profile but
* cannot be one comes with the reason; directories without a `SOUL.md` are left out. Never throws, never follows
* a link below the home.
*/
function inspectProfiles(options = {}) {
	return [{
		name: DEFAULT_PROFILE,
		home: resolveHome(options)
	}, ...inspectDirectory(profilesDirectory(options))];
}
/** Whether the directory `home`, which is not the root home, is that of a profile. Never throws. */
function isProfileHome(home) {
	return [join(home, ".."), home].every(isDirectory) && isRegular(look(join(home, "SOUL.md")));
}
function inspectDirectory(directory) {
	const stat = look(directory);
	if (stat === void 0) return [];
	if (typeof stat === "string") return [{
		name: "profiles",
		reason: `unreadable (${stat})`
	}];
	if (!stat.isDirectory()) return [{
		name: "profiles",
		reason: "not a directory"
	}];
	try {
		return readdirSync(directory, {
			withFileTypes: true,
			encoding: "buffer"
		}).map((entry) => inspectEntry(directory, entry)).filter((found) => found !== void 0).sort((a, b) => a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
	} catch (error) {
		return [{
			name: "profiles",
			reason: `unreadable (${errnoOf(error)})`
		}];
	}
}
function inspectEntry(directory, entry) {
	const name = entry.name.toString("latin1");
	if (entry.isSymbolicLink()) return {
		name,
		reason: "is a link"
	};
	if (!entry.isDirectory()) return void 0;
	const mark = look(Buffer.concat([
		Buffer.from(`${directory}/`),
		entry.name,
		Buffer.from(`/${PROFILE_MARK_FILENAME}`)
	]));
	if (mark === void 0) return void 0;
	const reason = problemOf(name, mark);
	return reason === void 0 ? {
		name,
		home: join(directory, name)
	} : {
		name,
		reason
	};
}
function problemOf(name, mark) {
	if (typeof mark === "string") return `unreadable (${mark})`;
	if (!isProfileName(name)) return `bad name: lower-case letters, digits, "-" and "_", at most 251`;
	if (name === "default") return "the name is reserved for the profile of the home itself";
	return isRegular(mark) ? void 0 : `${PROFILE_MARK_FILENAME} is not a regular file`;
}
function isRegular(stat) {
	return typeof stat === "object" && stat.isFile();
}
function isDirectory(path) {
	const stat = look(path);
	return typeof stat === "object" && stat.isDirectory();
}
/** `undefined` if there is nothing, the errno name if it cannot be determined. */
function look(path) {
	try {
		return lstatSync(path, { throwIfNoEntry: false });
	} catch (error) {
		const errno = errnoOf(error);
		return errno === "ENOTDIR" ? void 0 : errno;
	}
}
function errnoOf(error) {
	return error.code ?? "unknown";
}
// golden/.draft-xVU5XF/library/package/dist/profile/profile.js
/**
* The profile called `name` under the root home. A profile directory has a `SOUL.md` and is not a link.
* @throws ContractError `invalid_argument`, `profile_unknown`, or `home_missing`.
*/
function findProfile(name, options = {}) {
	if (!isProfileName(name)) throw new ContractError("invalid_argument", `bad profile name ${JSON.stringify(shownText(name, 60))}: expected lower-case letters, digits, "-" and "_", at most 251, beginning with a letter or digit`);
	const home = profileHome(name, options);
	if (name === "default") {
		if (isRootHome(home)) return {
			name,
			home
		};
		throw new ContractError("home_missing", `no home directory ${home}: create it, or point HERMES_HOME at the right one`);
	}
	if (isProfileHome(home)) return {
		name,
		home
	};
	throw new ContractError("profile_unknown", `no profile "${name}": expected a directory ${home} with a ${PROFILE_MARK_FILENAME} in it`);
}
/** Every profile under the root home, `default` first, the others by name. Never throws. */
function listProfiles(options = {}) {
	return inspectProfiles(options).filter((found) => found.home !== void 0);
}
/** Only the root home, which the operator names, may be reached through a link. */
function isRootHome(path) {
	try {
		return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
	} catch {
		return false;
	}
}
// golden/.draft-xVU5XF/library/package/dist/quiescence/safe-to-stop.pure.js
/**
* Whether the gateway may be stopped without interrupting a turn: it is live, it has acknowledged the drain that is in
* force at `now` (Unix ms), no turn is in flight, and it has said so within a heartbeat: one that cannot write its state
* any more may have gone on. For a marker without an id, `state` has to be read after the marker: an account without an
* id may else be that of a drain that has been cancelled since.
*/
function isSafeToStop(state, live, verdict, now) {
	if (!live || !state || !verdict.active || state.gateway_state !== "draining" || state.active_agents !== 0) return false;
	if (!(ageOf(state, now) < 13e3)) return false;
	return state.drain !== null && answers(state.drain, verdict);
}
/** A marker without an id continues the gateway's drain without an id. */
function answers(drain, verdict) {
	const published = publishedIdentity(drain);
	return drainIdentity(published, verdict) === published;
}
// golden/.draft-xVU5XF/library/package/dist/service-links.js
/** The prefix of the variables that our programs read. */
const OURS = /^(HERMES|API_SERVER|DRAINCTL|S6_PROFILE_GATEWAY)_/;
/** The variables that Kubernetes sets for each port of a Service; no program of ours reads their names. */
const PORT_OF_A_LINK = /_PORT_\d+_(TCP|UDP|SCTP)$/;
/** The form of a Service address in variables of Kubernetes and Docker links; no setting of ours has such a value. */
const ADDRESS_OF_A_LINK = /^(tcp|udp|sctp):\/\//;
/**
* Takes the addresses of Kubernetes Services out of `environment`. A Service named `hermes-dashboard` gives every container
* of its namespace `HERMES_DASHBOARD_PORT=tcp://10.96.0.5:9119`, which is no setting but has the name of one.
* @returns a warning that names them, if there were any.
*/
function dropServiceLinks(environment) {
	const names = Object.keys(environment).filter((name) => isServiceLink(name, environment[name]));
	for (const name of names) delete environment[name];
	if (names.length === 0) return void 0;
	return `ignoring ${names.join(", ")}: the address of a Kubernetes Service, not a setting; enableServiceLinks: false in the pod keeps it out`;
}
function isServiceLink(name, value) {
	return OURS.test(name) && !PORT_OF_A_LINK.test(name) && ADDRESS_OF_A_LINK.test(value ?? "");
}
// golden/.draft-xVU5XF/library/package/dist/service-manager/error.js
/** An error of a service manager that a caller can act on: `kind` for programs, `message` for people. */
var ServiceError = class extends Error {
	/** The kind of the error, for programs. */
	kind;
	constructor(kind, message, options) {
		super(message, options);
		this.name = "ServiceError";
		this.kind = kind;
	}
};
// golden/.draft-xVU5XF/library/package/dist/service-manager/service-manager.js
/** The status of a gateway's service. */
const SERVICE_STATES = [
	"not-registered",
	"stopped",
	"starting",
	"running",
	"stopping",
	"failed"
];
// golden/.draft-xVU5XF/library/package/dist/shell-line.js
const PLAIN = /^[\w@%+=:,./-]+$/;
/** `words` as a line that a POSIX shell takes apart into the same words. */
function shellLine(words) {
	return words.map((word) => PLAIN.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`).join(" ");
}
// golden/.draft-xVU5XF/library/package/dist/state/restart-policy.js
/**
* A few fields of the state that `readGatewayState` returns, for who reads thousands of them at boot; `undefined` when
* the file is absent, unreadable or corrupt. Never throws.
*/
function readRestartPolicyView(options = {}) {
	const sighting = readSmallFile(gatewayStatePath(options));
	const body = sighting.kind === "bytes" ? decodeJsonObject(sighting.bytes) : void 0;
	return body && {
		gateway_state: textOf(body["gateway_state"]),
		desired_state: textOf(body["desired_state"]),
		restart_drain_timeout: secondsOf(body["restart_drain_timeout"]),
		stop_timeout: secondsOf(body["stop_timeout"])
	};
}
function textOf(value) {
	return typeof value === "string" ? value : null;
}
/** JSON can hold 1e999, which is infinite. */
function secondsOf(value) {
	return typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : null;
}
// golden/.draft-xVU5XF/library/package/dist/visible-text.pure.js
/** Most texts are; they are shown as they are. */
const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;
const JOINED_LETTER = `[[\\p{L}\\p{M}]&&[${[...[
	"Arab",
	"Syrc",
	"Nkoo",
	"Mong",
	"Deva",
	"Beng",
	"Guru",
	"Gujr",
	"Orya",
	"Taml",
	"Telu",
	"Knda",
	"Mlym",
	"Sinh"
], ...["Khmr", "Mymr"]].map((script) => `\\p{scx=${script}}`).join("")}]]`;
const PICTOGRAPH = "\\p{Extended_Pictographic}";
/** Each is kept only between what it belongs to, and never two in a row, so that none can hide another text. */
const SPELLING = [
	`(?<=${JOINED_LETTER})[\\u200c\\u200d](?=${JOINED_LETTER})`,
	`(?<=${PICTOGRAPH}(?:\\ufe0f|\\p{Emoji_Modifier})?)\\u200d(?=${PICTOGRAPH})`,
	`(?<=${PICTOGRAPH})[\\ufe0e\\ufe0f]`,
	"(?<=[0-9#*])\\ufe0f(?=\\u20e3)"
].join("|");
const SPELLING_OR_HIDDEN = /* @__PURE__ */ new RegExp(`(${SPELLING})|[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}\\p{Default_Ignorable_Code_Point}]`, "gv");
const CUT_JOINER = /(?:\u200c|\u200d)$/u;
/**
* Untrusted `text` on one line as a terminal or a page can show it: every character that is obeyed,
* ends a line, reorders or hides text is shown as `\u{…}`, for example U+202E as `\u{202e}`. Ordinary text stays as it is,
* joined emoji and the joiners of scripts that need them included; the tags of flags such as that of Scotland do not. Doing it
* twice changes nothing. The result is for people: what a text that holds a backslash meant is not recovered from it.
* @param maxLength - in characters (code points); a longer text ends in `…`.
*/
function visibleText(text, maxLength = Number.POSITIVE_INFINITY) {
	const whole = text.slice(0, 2 * (maxLength + 1));
	const visible = PRINTABLE_ASCII.test(whole) ? whole : whole.replace(SPELLING_OR_HIDDEN, escapeUnlessKept);
	if (visible.length <= maxLength) return visible;
	const characters = [...visible];
	if (characters.length <= maxLength) return visible;
	return `${characters.slice(0, Math.max(0, maxLength - 1)).join("").replace(CUT_JOINER, "")}…`;
}
/** `value` as JSON that a terminal can show: what {@link visibleText} shows as `\u{…}` is escaped as JSON has it. */
function visibleJson(value, indent = 0) {
	return visibleInJson(JSON.stringify(value, void 0, indent));
}
/** The same for JSON that is there already. Line ends and tabs between its parts stay. */
function visibleInJson(json) {
	return PRINTABLE_LINES.test(json) ? json : json.replace(SPELLING_OR_HIDDEN, escapeForJson);
}
const PRINTABLE_LINES = /^[\x20-\x7e\n\t]*$/;
function escapeUnlessKept(character, kept) {
	return kept ?? `\\u{${character.codePointAt(0)?.toString(16)}}`;
}
function escapeForJson(character, kept) {
	if (kept !== void 0 || character === "\n" || character === "	") return character;
	return character.split("").map((unit) => unit.charCodeAt(0).toString(16).padStart(4, "0")).map((unit) => `\\u${unit}`).join("");
}
export { ContractError, DASHBOARD_SOCKET_FILENAME, DASHBOARD_TOKEN_FILENAME, DEFAULT_PROFILE, DESIRED_STATE_FILENAME, DRAIN_LOCK_FILENAME, DRAIN_REQUEST_FILENAME, FileLockError, GATEWAY_STATE_FILENAME, HEARTBEAT_INTERVAL_MS, HEARTBEAT_TIMEOUT_MS, LEAD_SECONDS, LIFECYCLE_STATES, MAX_ACTIVE_WORK, MAX_AGE_SECONDS, MAX_FILE_BYTES, MAX_PROFILE_NAME_LENGTH, MAX_REASON_LENGTH, PROFILE_MARK_FILENAME, SAFE_STATE_TIMEOUT_MS, SERVICE_STATES, ServiceError, UNTRUSTED_PLACE, UntrustedFileError, activeWorkSchema, becomeOwner, cancelDrainRequest, changeError, clearDrainRequest, connectToSocket, currentInstantiationEpoch, desiredStatePath, desiredStateSchema, drainIdentity, drainNotificationSuppressed, drainObservationSchema, drainRequestPath, drainRequestSchema, drainRequested, drainVerdict, dropServiceLinks, fileError, findProfile, formatIsoDateTime, gatewayExitSchema, gatewayStatePath, gatewayStateSchema, gatewayStateViewSchema, hasGatewayDied, holdFileLock, holdSpareDescriptors, inspectProfiles, isDrainHeld, isGatewayLive, isMountPoint, isProfileName, isSafeToStop, judgeMarker, keepRoomForDrainRequest, leadSecondsSchema, listProfiles, maxAgeSecondsSchema, mountOf, observeGateway, openSqlite, parseIsoDateTime, parseMarker, parseStartTime, processStartTime, profileHome, profilesDirectory, publishedIdentity, readDesiredState, readDrainRequest, readDrainVerdict, readGatewayState, readMounts, readRestartPolicyView, readSmallFile, readTrustedFile, reasonSchema, requestIdSchema, requireRootsOwn, resolveHome, shellLine, takeFileLock, visibleInJson, visibleJson, visibleText, withFileLock, writeDesiredState, writeDrainRequest, writeGatewayState, writeGatewayStateNow };
