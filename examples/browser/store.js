// Keeps the one session of this page in IndexedDB: its key pair, whose private half no script can read, and its token.

const open = () => settled(Object.assign(indexedDB.open('countersign-demonstration', 1), {
  onupgradeneeded: (event) => event.target.result.createObjectStore('session'),
}))

const settled = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result)
  request.onerror = () => reject(request.error)
})

const inStore = async (mode, act) => {
  const database = await open()
  try {
    return await settled(act(database.transaction('session', mode).objectStore('session')))
  } finally {
    database.close()
  }
}

export const load = () => inStore('readonly', (store) => store.get('current'))
export const save = (session) => inStore('readwrite', (store) => store.put(session, 'current'))
export const forget = () => inStore('readwrite', (store) => store.delete('current'))
