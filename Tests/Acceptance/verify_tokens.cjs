// Reads tokens, one a line, and writes what `jose` makes of each, one JSON object a line.
// Arguments: address of the key set, issuer, audience, and `refetch` or `once`.
'use strict'

const readline = require('node:readline')
const { createRemoteJWKSet, jwtVerify } = require('jose')

const [address, issuer, audience, fetching] = process.argv.slice(2)
const keySet = createRemoteJWKSet(new URL(address), fetching === 'refetch'
  ? { cooldownDuration: 0 }
  : { cooldownDuration: Infinity, cacheMaxAge: Infinity })

async function answer (token) {
  try {
    const { payload, protectedHeader } = await jwtVerify(token, keySet, {
      issuer, audience, typ: 'identity+jwt', algorithms: ['RS256', 'ES256'], maxTokenAge: '60s'
    })
    return { claims: payload, header: protectedHeader }
  } catch (error) {
    return { error: error.code }
  }
}

async function main () {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    process.stdout.write(JSON.stringify(await answer(line.trim())) + '\n')
  }
}

main()
