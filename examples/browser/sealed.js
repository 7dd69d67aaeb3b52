// The cryptography of a sealed passcode, with WebCrypto alone: HPKE, the check of a target, proofs of possession.

const ECDSA = { name: 'ECDSA', namedCurve: 'P-256' }
const ECDH = { name: 'ECDH', namedCurve: 'P-256' }
const SIGNATURE = { name: 'ECDSA', hash: 'SHA-256' }
const KEM_SUITE = new Uint8Array([...utf8('KEM'), 0x00, 0x10])
const SUITE = new Uint8Array([...utf8('HPKE'), 0x00, 0x10, 0x00, 0x01, 0x00, 0x02])
const NOTHING = new Uint8Array()

/** What is wrong with a target; its message is for the log, not for people. */
export class TargetError extends Error {}

/** A P-256 key for signatures whose private half cannot leave the browser. */
export const makeClientKey = () => crypto.subtle.generateKey(ECDSA, false, ['sign', 'verify'])

/**
 * The point that a `target+jwt` names (65 bytes), once it is known to be the pinned signer's, for this challenge, alive.
 * @param signer the pinned key, `04…` in hexadecimal
 */
export async function checkTarget(token, signer, challenge, now = Date.now()) {
  const parts = token.split('.')
  if (parts.length !== 3) throw new TargetError('no compact JWS')
  const header = JSON.parse(decodeText(parts[0]))
  const pinned = await crypto.subtle.importKey('raw', fromHex(signer), ECDSA, true, ['verify'])
  if (header.alg !== 'ES256' || header.typ !== 'target+jwt' || 'crit' in header) throw new TargetError('another type')
  if (header.kid !== await thumbprint(pinned)) throw new TargetError('another signer')
  const signed = utf8(`${parts[0]}.${parts[1]}`)
  if (!await crypto.subtle.verify(SIGNATURE, pinned, decode(parts[2]), signed)) throw new TargetError('signature')
  const claims = JSON.parse(decodeText(parts[1]))
  if (claims.sub !== challenge) throw new TargetError('another challenge')
  if (!(claims.exp * 1000 > now)) throw new TargetError('expired')
  if (claims.jwk?.kty !== 'EC' || claims.jwk.crv !== 'P-256') throw new TargetError('another curve')
  return new Uint8Array([4, ...decode(claims.jwk.x), ...decode(claims.jwk.y)])
}

/** The body of an attempt: the code and the client's public key, sealed to the target. */
export async function sealAttempt(target, code, clientKey) {
  const content = { otp_code: code, public_key: toHex(compressed(await publicPoint(clientKey.publicKey))) }
  const { encapsulated, ciphertext } = await seal(target, utf8(JSON.stringify(content)), utf8('turnkey_hpke'))
  return { encapsulated_key: encode(encapsulated), ciphertext: encode(ciphertext) }
}

/** A DPoP proof (RFC 9449 §4.2) for one request that shows `token`: a verification token or a session's. */
export async function proveFor(clientKey, method, url, token) {
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', clientKey.publicKey)
  const header = { typ: 'dpop+jwt', alg: 'ES256', jwk: { kty, crv, x, y } }
  const claims = { jti: crypto.randomUUID(), htm: method, htu: url, iat: Math.floor(Date.now() / 1000) }
  if (token) claims.ath = encode(await sha256(utf8(token)))
  const signed = `${encode(utf8(JSON.stringify(header)))}.${encode(utf8(JSON.stringify(claims)))}`
  return `${signed}.${encode(await crypto.subtle.sign(SIGNATURE, clientKey.privateKey, utf8(signed)))}`
}

/**
 * HPKE (RFC 9180) in base mode: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM, sequence number 0.
 * @param recipient 65 bytes; a point off the curve is refused by `importKey`
 * @param additional authenticated with the ciphertext; `enc ‖ pkR` unless given
 */
export async function seal(recipient, plaintext, info, additional, ephemeral) {
  ephemeral ??= await crypto.subtle.generateKey(ECDH, false, ['deriveBits'])
  const encapsulated = await publicPoint(ephemeral.publicKey)
  const recipientKey = await crypto.subtle.importKey('raw', recipient, ECDH, false, [])
  const exchanged = await crypto.subtle.deriveBits({ name: 'ECDH', public: recipientKey }, ephemeral.privateKey, 256)
  const both = joined(encapsulated, recipient)
  const shared = await derive(KEM_SUITE, NOTHING, 'eae_prk', exchanged, 'shared_secret', both, 32)

  const mode = new Uint8Array([0])
  const context = joined(mode, await extract('psk_id_hash', NOTHING), await extract('info_hash', info))
  const key = await derive(SUITE, shared, 'secret', NOTHING, 'key', context, 32)
  const iv = await derive(SUITE, shared, 'secret', NOTHING, 'base_nonce', context, 12)
  const cipher = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt'])
  const parameters = { name: 'AES-GCM', iv, additionalData: additional ?? both }
  return { encapsulated, ciphertext: new Uint8Array(await crypto.subtle.encrypt(parameters, cipher, plaintext)) }
}

/** LabeledExtract, then LabeledExpand (§4): together they are WebCrypto's HKDF. */
async function derive(suite, salt, secretLabel, secret, label, info, length) {
  const labelled = joined(utf8('HPKE-v1'), suite, utf8(secretLabel), secret)
  const key = await crypto.subtle.importKey('raw', labelled, 'HKDF', false, ['deriveBits'])
  const use = joined(new Uint8Array([0, length]), utf8('HPKE-v1'), suite, utf8(label), info)
  const bits = await crypto.subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt, info: use }, key, length * 8)
  return new Uint8Array(bits)
}

/** LabeledExtract alone, without salt: HMAC under a key of zeros (RFC 5869 §2.2). */
async function extract(label, secret) {
  const zeros = new Uint8Array(32)
  const key = await crypto.subtle.importKey('raw', zeros, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  return crypto.subtle.sign('HMAC', key, joined(utf8('HPKE-v1'), SUITE, utf8(label), secret))
}

/** RFC 7638. */
async function thumbprint(publicKey) {
  const { crv, kty, x, y } = await crypto.subtle.exportKey('jwk', publicKey)
  return encode(await sha256(utf8(JSON.stringify({ crv, kty, x, y }))))
}

const sha256 = (bytes) => crypto.subtle.digest('SHA-256', bytes)
const publicPoint = async (key) => new Uint8Array(await crypto.subtle.exportKey('raw', key))
/** SEC 1 §2.3.3: the sign of y, then x. */
const compressed = (point) => joined(new Uint8Array([2 + (point[64] & 1)]), point.slice(1, 33))

function utf8(text) { return new TextEncoder().encode(text) }
function joined(...parts) {
  const views = parts.map((part) => new Uint8Array(part))
  const whole = new Uint8Array(views.reduce((length, view) => length + view.length, 0))
  let offset = 0
  for (const view of views) { whole.set(view, offset); offset += view.length }
  return whole
}
const toHex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
const fromHex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16))
const encode = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
const decode = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (character) => character.charCodeAt(0))
const decodeText = (text) => new TextDecoder().decode(decode(text))
