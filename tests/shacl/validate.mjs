// SPDX-License-Identifier: MIT
//
// validate.mjs SCHEMAS FILE... - hold CASE/UCO graphs (JSON-LD) against the
// SHACL shapes of the ontology, and print what is wrong
//
// The validator does not run the constraints that shapes write in SPARQL.  Of
// those, three are about graphs like ours (core.ttl): a thing is not a blank
// node, its identifier ends with a UUID, a facet is one thing's only.  And SHACL
// says nothing of a property or class that the ontology does not have, so a
// misspelt one would pass.  These are looked for here.
//
// A result of any severity fails, and so does a graph of less than ten nodes.
// Exit status: 0 conforms, 1 does not, 2 could not be read.
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

// What `npm ci` installed lies in a folder of the build.
const require = createRequire(resolve(process.env.SHACL ?? 'build/shacl',
	'package.json'))
const load = async name => import(pathToFileURL(require.resolve(name)))
const { DataFactory, Parser, Store } = await load('n3')
const { JsonLdParser } = await load('jsonld-streaming-parser')
const { default: Validator } = await load('rdf-validate-shacl')

const TYPE = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#type'
const SUBCLASS = 'http://www.w3.org/2000/01/rdf-schema#subClassOf'
// What is imported is in the other files.
const LEFT_OUT = ['http://www.w3.org/ns/shacl#sparql',
	'http://www.w3.org/2002/07/owl#imports']
const CORE = 'https://ontology.unifiedcyberontology.org/uco/core/'
const ONTOLOGY = /^https:\/\/ontology\.(unifiedcyber|case)ontology\.org\//
const UUID = new RegExp('[0-9a-f]{8}-[0-9a-f]{4}-[0-5][0-9a-f]{3}-' +
	'[0-9a-f]{4}-[0-9a-f]{12}$')

function readOntology(dir) {
	const store = new Store()
	for (const sub of ['.', 'uco'])
		for (const name of readdirSync(join(dir, sub)).sort())
			if (name.endsWith('.ttl')) {
				const text = readFileSync(join(dir, sub, name), 'utf8')
				// Blank nodes of two files are not the same.
				const parser = new Parser({ blankNodePrefix: name })
				store.addQuads(parser.parse(text).filter(
					quad => !LEFT_OUT.includes(quad.predicate.value)))
			}
	return store
}

function readGraph(path) {
	return new Promise((done, failed) => {
		const quads = []
		const parser = new JsonLdParser()
		parser.on('data', quad => quads.push(quad))
			.on('error', failed).on('end', () => done(quads))
		parser.write(readFileSync(path, 'utf8'))
		parser.end()
	})
}

// Classes and properties that the ontology does not have.
function * unknownTerms(ontology, quads) {
	const used = new Set()
	for (const { predicate, object } of quads)
		used.add(predicate.value === TYPE ? object.value : predicate.value)
	for (const iri of used)
		if (iri !== TYPE && !(ONTOLOGY.test(iri) &&
			ontology.countQuads(DataFactory.namedNode(iri), null, null)))
			yield `the ontology does not have ${iri}`
}

function * badIdentifiers(quads) {
	const owners = new Map()
	for (const { subject, predicate, object } of quads) {
		if (predicate.value === TYPE && !(subject.termType === 'NamedNode' &&
			UUID.test(subject.value)))
			yield `${subject.value} does not end with a UUID`
		if (predicate.value !== CORE + 'hasFacet')
			continue
		if (owners.has(object.value) &&
			owners.get(object.value) !== subject.value)
			yield `the facet ${object.value} is of two things`
		owners.set(object.value, subject.value)
	}
}

function * violations(results) {
	for (const { severity, focusNode, path, value, message } of results)
		yield [severity.value.replace(/.*#/, '') + ':', focusNode?.value,
			path?.value, value?.value,
			...message.map(text => text.value)].join(' ')
}

async function validate(ontology, path) {
	const quads = await readGraph(path)
	const nodes = new Set(quads.map(quad => quad.subject.value))
	// The shapes rely on the subclasses, which are facts of the ontology.
	const data = new Store(ontology.getQuads(null,
		DataFactory.namedNode(SUBCLASS), null, null))
	data.addQuads(quads)
	const report = await new Validator(ontology).validate(data)
	const wrong = [...unknownTerms(ontology, quads), ...badIdentifiers(quads),
		...violations(report.results)]
	for (const line of wrong)
		console.log(`${path}: ${line}`)
	console.log(`${path}: ${nodes.size} nodes, ${wrong.length} wrong`)
	return nodes.size >= 10 && !wrong.length
}

try {
	const [schemas, ...paths] = process.argv.slice(2)
	const ontology = readOntology(schemas)
	let good = paths.length > 0
	for (const path of paths)
		good = await validate(ontology, path) && good
	process.exitCode = good ? 0 : 1
} catch (error) {
	console.error(error.message)
	process.exitCode = 2
}
