// The page: asks for an address, seals the code to the enclave, opens a session, shows it, ends it.

import { checkTarget, makeClientKey, proveFor, sealAttempt } from './sealed.js'
import { forget, load, save } from './store.js'
import { explain, Refusal } from './words.js'

const element = (id) => document.getElementById(id)
const views = ['ask', 'prove', 'session']

let configuration // what the server says about itself, with the keys that this page trusts
let challenge // { id, target, proven? }: the code that is on its way, and what it was worth
let session // { id, token, clientKey }: the session that is open

async function ask(method, path, body, headers = {}) {
  let response
  try {
    response = await fetch(path, {
      method,
      headers: { 'X-Countersign-Config': configuration.config, 'Content-Type': 'application/json', ...headers },
      body: body && JSON.stringify(body),
      credentials: 'omit', cache: 'no-store', redirect: 'error', signal: AbortSignal.timeout(15_000),
    })
  } catch {
    throw new Refusal(0)
  }
  if (response.status === 204) return undefined
  const answer = await response.json().catch(() => ({}))
  if (!response.ok) throw new Refusal(response.status, answer, Number(response.headers.get('Retry-After')))
  return answer
}

/** A request that belongs to the session: its token, and a fresh proof by its key. */
async function askInSession(method, path, { token, clientKey }) {
  const proof = await proveFor(clientKey, method, location.origin + path, token)
  return ask(method, path, undefined, { Authorization: `DPoP ${token}`, DPoP: proof })
}

async function sendCode() {
  const contact = element('address').value.trim()
  const answer = await ask('POST', '/v1/challenges', { contact, channel: 'email' })
  const target = await checkTarget(answer.target, configuration.signer_key, answer.id)
  challenge = { id: answer.id, target }
  element('recipient').textContent = contact
  showTime('deadline', answer.expires_at)
  element('code').value = ''
  show('prove', 'code')
}

async function logIn() {
  // A right code serves once: where opening the session failed, the next try goes on with what it was worth.
  challenge.proven ??= await prove(element('code').value.replace(/[\s-]/g, ''))
  const { token, clientKey } = challenge.proven
  const proof = await proveFor(clientKey, 'POST', `${location.origin}/v1/sessions`, token)
  const opened = await ask('POST', '/v1/sessions', { verification_token: token }, { DPoP: proof })
  session = { id: opened.session.id, token: opened.session_token, clientKey }
  challenge = undefined
  element('code').value = ''
  await save(session)
  await showSession()
}

async function prove(code) {
  const clientKey = await makeClientKey()
  const attempt = await sealAttempt(challenge.target, code, clientKey)
  const answer = await ask('POST', `/v1/challenges/${challenge.id}/attempts`, attempt)
  return { token: answer.verification_token, clientKey }
}

async function showSession() {
  const answer = await askInSession('GET', '/v1/sessions/me', session)
  element('user').textContent = answer.user.id
  element('name').textContent = answer.session.id
  showTime('end', answer.session.expires_at)
  show('session', 'heading')
}

async function logOut() {
  const ended = session
  // Whatever the server answers: without its key the session is of no use to anybody.
  session = undefined
  await forget()
  show('ask', 'address')
  await askInSession('DELETE', `/v1/sessions/${ended.id}`, ended)
  element('progress').textContent = 'You are logged out.'
}

/** A session that was open before the page was loaded again, if it still is. */
async function resume() {
  session = await load()
  if (!session) return show('ask', 'address')
  try {
    await showSession()
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 401) throw error
    session = undefined
    await forget()
    show('ask', 'address')
  }
}

function show(view, focus) {
  for (const name of views) element(name).hidden = name !== view
  element(focus).focus()
}

function showTime(id, expiry) {
  const time = new Date(expiry)
  element(id).dateTime = time.toISOString()
  element(id).textContent = time.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
}

/** Runs one step at a time, and tells how it is going. */
let busy = false
async function step(progress, act) {
  if (busy) return
  busy = true
  element('problem').textContent = ''
  element('progress').textContent = progress
  element('code').removeAttribute('aria-invalid')
  for (const form of document.forms) form.setAttribute('aria-busy', 'true')
  try {
    await act()
    if (element('progress').textContent === progress) element('progress').textContent = ''
  } catch (error) {
    element('progress').textContent = ''
    element('problem').textContent = explain(error)
    if (!element('prove').hidden) markCode(error)
  } finally {
    for (const form of document.forms) form.removeAttribute('aria-busy')
    busy = false
  }
}

function markCode(error) {
  if (error.attemptsLeft > 0) {
    element('code').setAttribute('aria-invalid', 'true')
    element('code').select()
  } else if (error.status >= 400 && error.status < 500) {
    element('restart').focus()
  }
}

function onSubmit(id, progress, act) {
  element(id).addEventListener('submit', (event) => {
    event.preventDefault()
    step(progress, act)
  })
}

onSubmit('ask', 'Sending…', sendCode)
onSubmit('prove', 'Checking…', logIn)
element('restart').addEventListener('click', () => step('', async () => show('ask', 'address')))
element('leave').addEventListener('click', () => step('Logging out…', logOut))

step('', async () => {
  const response = await fetch('configuration.json', { cache: 'no-store' }).catch(() => undefined)
  if (!response?.ok || !globalThis.crypto?.subtle) {
    show('ask', 'address')
    element('ask').hidden = true
    element('problem').textContent = response?.ok
      ? 'This browser seals codes only on pages that came over HTTPS or from this machine. Open the page at such an address.'
      : 'The server says nothing about itself here. Start it with: countersign serve --demonstration examples/browser'
    return
  }
  configuration = await response.json()
  await resume()
})
