// What went wrong, in words for the person in front of the page, with what to do about it.

import { TargetError } from './sealed.js'

/** An answer that is not what was asked for; `status` 0 where none came. */
export class Refusal extends Error {
  constructor(status, problem = {}, retryAfter = 0) {
    super(problem.detail ?? '')
    Object.assign(this, { status, code: problem.code, attemptsLeft: problem.attempts_remaining, retryAfter })
  }
}

export function explain(error) {
  if (error instanceof TargetError) {
    console.error('target refused:', error.message)
    return 'The answer was not signed by the key that this page trusts, so no code was taken from you. '
      + 'Do not type your code anywhere, and tell whoever runs this site.'
  }
  if (!(error instanceof Refusal)) {
    console.error(error)
    return 'Something went wrong in this page. Load it again; if that does not help, try another browser.'
  }
  if (error.attemptsLeft > 0) {
    const left = error.attemptsLeft === 1 ? 'one try' : `${error.attemptsLeft} tries`
    return `That is not the code. Look at the newest message and type it again; you have ${left} left.`
  }
  if (error.attemptsLeft === 0) return 'That is not the code, and it was the last try. Ask for another code.'
  if (error.code in words) return words[error.code]
  if (error.status === 0) return 'The server does not answer. Check your connection, then try again.'
  if (error.status === 429) return `That was a little fast. Wait ${waiting(error.retryAfter)}, then try again.`
  if (error.status >= 500) return 'The server is busy or being restarted. Try again in a moment.'
  return error.message || 'The server refused this. Start again, and check what you typed.'
}

const words = {
  invalid_email: 'That does not look like an e-mail address. Check it, and send again.',
  code_expired: 'The code is too old. Ask for another one.',
  code_spent: 'This code was used already. Ask for another one.',
  too_many_attempts: 'There were too many wrong tries, so this code is closed. Ask for another one.',
  code_from_before_restart: 'The server was restarted since this code was sent. Ask for another one.',
  challenge_unknown: 'The server does not know this code any more. Ask for another one.',
  too_many_in_flight: 'Three codes are on their way to this address. Use the newest, or wait until they are too old.',
  verification_token_expired: 'That took too long. Ask for another code.',
  verification_token_used: 'This code was used already. Ask for another one.',
  invalid_dpop_proof: 'The clock of this device seems to be wrong. Set it, then load the page again.',
  invalid_token: 'This session has ended. Load the page again to log in.',
}

const waiting = (seconds) => seconds > 90 ? `${Math.ceil(seconds / 60)} minutes` : `${Math.max(1, seconds || 1)} seconds`
