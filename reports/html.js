// SPDX-License-Identifier: MIT
//
// html.js - the HTML page's table of files: search, order, pages, links, paper
//
// The rows are data beside the page, and only those in view are elements of
// it.  What comes from the case goes into the page as text, never as markup.
'use strict';
const PRINTED = 2000;

const $ = function (id) { return document.getElementById(id); };
const pieces = Array.from(document.querySelectorAll('script.rows'));
const statuses = JSON.parse($('statuses').textContent);
const table = $('list'), body = table.tBodies[0];
const fields = { word: $('word'), status: $('status'), class: $('class'),
	who: $('person'), view: $('view') };

const rows = [];
const searched = [];	// which shared values rows have, but for folders
const text = [];	// of each row, for search and order: its path first
let order = null;	// places of rows, sorted; null: as in the case
let found = [];		// of those, the ones that fit
let page = 0;
let whole = false;	// every piece has been read
let beyond = { in: '', finding: '', file: '' };	// of links, not of the form
const open = new Set();	// ids of rows whose details are shown

// ----------------------------------------------------------------- rows
// All texts in a value, its parts and what they refer to.
function flat(v) {
	if (typeof v === 'string') return v + '\n';
	if (!Array.isArray(v)) return '';
	let s = '';
	for (const part of v)
		s += typeof part === 'number' ? '' : flat(part);
	return s;
}

function flatRing(v) {
	return Array.isArray(v) ? v.map(value).map(flat).join('') : '';
}

function take(piece) {
	const data = JSON.parse(piece.textContent);
	for (const v of data.shared) shared.push(v);
	for (const row of data.rows) {
		let s = path(row) + '\n' + (row[RECORD] || '') + '\n' +
			(row[MD5] || '') + '\n' + (row[SHA1] || '') + '\n' +
			(row[SHA256] || '') + '\n';
		if (row[MORE]) s += flat(row[MORE]);
		if (Array.isArray(row[OUTPUT])) s += row[OUTPUT][0];
		for (const at of SHARED)
			if (typeof row[at] === 'number') searched[row[at]] = true;
			else s += '\n' + (at === RING ? flatRing(row[at])
				: flat(row[at]));
		rows.push(row);
		text.push(s.toLowerCase());
	}
}

// -------------------------------------------------------------- filters

const lower = [];	// of the shared values
// Rings come after their entries, so a number in a ring is known by then.
function sharedText(i) {
	if (lower[i] === undefined) {
		const v = shared[i];
		const ring = Array.isArray(v) && v.every(function (part) {
			return Number.isInteger(part) ||
				(Array.isArray(part) && part.length === 10);
		});
		lower[i] = (flat(v) + (ring ? flatRing(v) : '')).toLowerCase();
	}
	return lower[i];
}

function hits(word) {
	const hit = new Uint8Array(shared.length);
	searched.forEach(function (yes, i) {
		if (sharedText(i).includes(word)) hit[i] = 1;
	});
	return hit;
}

function wordTest(word) {
	const hit = hits(word);
	const status = statuses.map(function (s) {
		return s[1].includes(word);
	});
	return function (i) {
		const row = rows[i];
		if (text[i].includes(word) || status[row[STATUS]]) return true;
		for (const at of SHARED) if (hit[row[at]] === 1) return true;
		return false;
	};
}

// A test of a shared value, computed once for each.
function sharedTest(at, test) {
	const known = shared.map(test);
	return function (i) {
		const v = rows[i][at];
		return typeof v === 'number' ? known[v] : test(v);
	};
}

function classOf(kind) {
	return kind === null || kind[0] === null ? '' : kind[0];
}

// A value may be of another kind than a test takes: those match nothing.
function personTest(person) {
	return sharedTest(RING, function (v) {
		return Array.isArray(v) && v.some(function (part) {
			const e = value(part);
			return Array.isArray(e) && e.length === 10 &&
				personOf(e) === person;
		});
	});
}

function folderTest(folder) {
	const within = folder === '/' ? '/' : folder + '/';
	return sharedTest(FOLDER, function (v) {
		return typeof v === 'string' && v.startsWith(within);
	});
}

const objects = {};	// of findings: their ids
function objectsOf(id) {
	const data = $('finding-' + id);
	if (objects[id]) return objects[id];
	const set = new Set();
	for (const run of data ? JSON.parse(data.textContent) : [])
		for (let i = 0; i < run[1]; i++) set.add(run[0] + i);
	objects[id] = set;
	return set;
}

function tests() {
	const all = [], f = fields;
	const status = statuses.findIndex(function (s) {
		return s[0] === f.status.value;
	});
	if (beyond.file)
		all.push(function (i) { return rows[i][ID] === +beyond.file; });
	if (status >= 0)
		all.push(function (i) { return rows[i][STATUS] === status; });
	if (f.class.value)
		all.push(sharedTest(KIND, function (v) {
			return Array.isArray(v) && (f.class.value === '?'
				? v[0] === null : f.class.value === '!'
				? v[0] !== 'user' : v[0] === f.class.value);
		}));
	if (f.who.value) all.push(personTest(f.who.value));
	if (f.view.value)
		all.push(sharedTest(VIEW, function (v) {
			return v === f.view.value;
		}));
	if (beyond.in) all.push(folderTest(beyond.in));
	if (beyond.finding) {
		const set = objectsOf(beyond.finding);
		all.push(function (i) { return set.has(rows[i][OBJECT]); });
	}
	for (const word of f.word.value.toLowerCase().split(/\s+/))
		if (word) all.push(wordTest(word));
	return all;
}

function filter() {
	const all = tests();
	found = [];
	for (let n = 0; n < rows.length; n++) {
		const i = order === null ? n : order[n];
		let fits = true;
		for (let t = 0; fits && t < all.length; t++) fits = all[t](i);
		if (fits) found.push(i);
	}
	page = 0;
	render();
}

// ---------------------------------------------------------------- order

const keys = {
	path: function (i) { return text[i]; },
	size: function (i) { return Number(rows[i][SIZE]); },
	modified: function (i) { return hexTimes(rows[i])[1].padStart(16, '0'); },
	status: function (i) { return rows[i][STATUS]; },
	reason: function (i) { return value(rows[i][REASON]) || ''; },
	opened: function (i) { return opener(rows[i]).toLowerCase(); },
};

function sort(head) {
	const up = head.getAttribute('aria-sort') !== 'ascending';
	const key = rows.map(function (row, i) {
		return keys[head.dataset.key](i);
	});
	for (const other of table.tHead.rows[0].cells)
		other.setAttribute('aria-sort', 'none');
	head.setAttribute('aria-sort', up ? 'ascending' : 'descending');
	order = Uint32Array.from(rows, function (row, i) { return i; });
	order.sort(function (a, b) {
		if (key[a] === key[b]) return a - b;
		return key[a] < key[b] === up ? -1 : 1;
	});
	filter();
}

// ---------------------------------------------------------------- pages

function moreRow(i) {
	const tr = element('tr', null, undefined, 'more');
	const td = element('td', tr);
	td.colSpan = 6;
	tr.id = 'more-' + rows[i][ID];
	td.append(details(rows[i]));
	return tr;
}

function toggle(button, i) {
	const id = rows[i][ID], shut = open.has(id);
	button.setAttribute('aria-expanded', String(!shut));
	if (shut) {
		open.delete(id);
		$('more-' + id).remove();
	} else {
		open.add(id);
		button.closest('tr').after(moreRow(i));
	}
}

function nameCell(tr, i) {
	const row = rows[i], th = element('th', tr);
	const button = element('button', th, undefined, 'row');
	th.scope = 'row';
	button.type = 'button';
	button.setAttribute('aria-expanded', String(open.has(row[ID])));
	button.setAttribute('aria-controls', 'more-' + row[ID]);
	element('span', button, path(row));
	if (row[FLAGS] % 2) element('span', button, ' (directory)', 'dim');
	if (row[FLAGS] > 1) element('span', button, ' (deleted)', 'dim');
	if (row[SAME])
		element('span', button, ' (the same as in ' +
			value(row[SAME]) + ')', 'dim');
	element('span', button, value(row[VIEW]), 'where');
	button.addEventListener('click', function () { toggle(button, i); });
}

function addRow(to, i) {
	const row = rows[i], tr = element('tr', to);
	const status = statuses[row[STATUS]], o = value(row[OPENED]);
	nameCell(tr, i);
	element('td', tr, size(row[SIZE]), 'n').title = exact(row[SIZE]);
	element('td', tr, (times(row)[1] || '').slice(0, 19).replace('T', '\n'),
		'date');
	element('span', element('td', tr), status[1], 'status ' + status[2]);
	element('div', element('td', tr), value(row[REASON]) || '', 'clip');
	element('td', tr, opener(row) + (o !== null && o[0] ? ' (agent)' : ''));
	if (open.has(row[ID])) to.append(moreRow(i));
}

function chips() {
	const to = $('chips');
	const names = { in: 'in ' + beyond.in, file: 'one file only',
		finding: 'finding: ' + ($('finding-' + beyond.finding) ||
			{ dataset: {} }).dataset.title };
	to.replaceChildren();
	for (const name of Object.keys(names)) {
		if (!beyond[name]) continue;
		const chip = element('button', to, names[name] + ' \u2715',
			'chip');
		chip.type = 'button';
		chip.setAttribute('aria-label', 'Remove the filter ' +
			names[name]);
		chip.addEventListener('click', function () {
			beyond[name] = '';
			filter();
			$('word').focus();
		});
	}
}

function render() {
	const per = +$('per').value;
	const last = Math.max(0, Math.ceil(found.length / per) - 1);
	const rowsNow = document.createDocumentFragment();
	page = Math.min(Math.max(page, 0), last);
	for (const i of found.slice(page * per, (page + 1) * per))
		addRow(rowsNow, i);
	body.replaceChildren(rowsNow);
	$('shown').textContent = whole ? number(found.length) + ' of ' +
		number(rows.length) + (rows.length === 1 ? ' row fits'
		: ' rows fit') : number(rows.length) + ' rows read so far';
	$('page').textContent = 'page ' + number(page + 1) + ' of ' +
		number(last + 1);
	$('first').disabled = $('back').disabled = page === 0;
	$('next').disabled = $('last').disabled = page === last;
	chips();
}

function turn(to) {
	page = to;
	render();
	// A button that has just been disabled would lose the focus.
	if (document.activeElement === document.body) $('per').focus();
}

// ---------------------------------------------------------------- links

// "#status=no_key", "#who=ddf ...", "#in=/Users/ann" of other chapters.
function follow() {
	const q = new URLSearchParams(location.hash.slice(1));
	const names = Object.keys(fields).concat(Object.keys(beyond));
	if (!names.some(function (name) { return q.has(name); })) return;
	for (const name of Object.keys(fields))
		fields[name].value = q.get(name) || '';
	for (const name of Object.keys(beyond))
		beyond[name] = q.get(name) || '';
	if (beyond.file) open.add(+beyond.file);
	filter();
	$('files').scrollIntoView();
	$('h-files').focus({ preventScroll: true });
}

function wire() {
	const form = document.querySelector('.filter');
	form.hidden = $('bar').hidden = table.hidden = false;
	form.addEventListener('submit', function (e) { e.preventDefault(); });
	form.addEventListener('reset', function () {
		beyond = { in: '', finding: '', file: '' };
		setTimeout(filter, 0);
	});
	for (const name of Object.keys(fields))
		fields[name].addEventListener('input', filter);
	$('per').addEventListener('input', function () { turn(0); });
	$('first').addEventListener('click', function () { turn(0); });
	$('back').addEventListener('click', function () { turn(page - 1); });
	$('next').addEventListener('click', function () { turn(page + 1); });
	$('last').addEventListener('click', function () { turn(Infinity); });
	for (const head of table.tHead.rows[0].cells)
		head.querySelector('button').addEventListener('click',
			function () { sort(head); });
	addEventListener('hashchange', follow);
}

// In steps, so that the page can be used at once.
function load(at) {
	const until = performance.now() + 60;
	while (at < pieces.length && (performance.now() < until || at === 0))
		take(pieces[at++]);
	if (at < pieces.length) {
		if (!found.length) filter();
		setTimeout(load, 0, at);
		return;
	}
	whole = true;
	filter();
	follow();
	// How long that took, in ms: tests wait for it, and the bench reads it.
	document.documentElement.dataset.ready = Math.round(performance.now());
}

// ---------------------------------------------------------------- paper

addEventListener('beforeprint', function () {
	const all = document.createDocumentFragment();
	for (const i of found.slice(0, PRINTED)) {
		addRow(all, i);
		if (open.has(rows[i][ID])) continue;
		const td = element('td', element('tr', all, undefined, 'more'));
		td.colSpan = 6;
		td.textContent = brief(rows[i]);
	}
	body.replaceChildren(all);
	$('rest').textContent = found.length > PRINTED ? 'The first ' +
		number(PRINTED) + ' of ' + number(found.length) + ' rows; all ' +
		'are in case.db, and in the JSON Lines and DFXML reports.' : '';
});
addEventListener('afterprint', function () {
	$('rest').textContent = '';
	render();
});

wire();
folders();
load(0);
