// Pulls a database into a fresh PouchDB (leveldb), as the peer to measure against.
// Usage: node pull-pouchdb.js URL USER PASSWORD DATABASE FOLDER
// Prints one line of JSON: documents, milliseconds.
'use strict'
const path = require('path')
const modules = path.join(__dirname, '..', 'interop', 'node_modules')
const PouchDB = require(path.join(modules, 'pouchdb'))
const https = require('https')
const [url, user, password, database, folder] = process.argv.slice(2)
const agent = new https.Agent({ keepAlive: true, rejectUnauthorized: false })

async function main () {
  const remote = new PouchDB(`${url}/${database}`, {
    skip_setup: true,
    auth: { username: user, password },
    fetch: (address, options) => PouchDB.fetch(address, Object.assign({}, options, { agent }))
  })
  const local = new PouchDB(path.join(folder, 'pouch'))
  const start = process.hrtime.bigint()
  const result = await PouchDB.replicate(remote, local)
  const milliseconds = Number(process.hrtime.bigint() - start) / 1e6
  console.log(JSON.stringify({ documents: result.docs_written, milliseconds }))
  await local.close()
}

main().catch(error => { console.error(error.message); process.exit(1) })
