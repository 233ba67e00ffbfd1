// SPDX-License-Identifier: MIT
//
// html_row.js - what a row of the table of files says
//
// The places of a row's values, as html_row.c writes them.
'use strict';
const ID = 0, OBJECT = 1, VIEW = 2, FOLDER = 3, NAME = 4, STREAM = 5,
	FLAGS = 6, SIZE = 7, STATUS = 8, REASON = 9, KIND = 10, RING = 11,
	TRIES = 12, OPENED = 13, MISSING = 14, RECORD = 15, TIMES = 16,
	OUTPUT = 17, SAME = 18, MD5 = 19, SHA256 = 20, MORE = 21,
	SHA1 = 22;
// Where searched values are; a folder is part of the path.
const SHARED = [VIEW, REASON, KIND, RING, TRIES, OPENED, MISSING,
	SAME];

const shared = [null];	// what rows have in common; 0 is nothing

function value(v) {
	return typeof v === 'number' ? shared[v] : v;
}

function list(v) {
	return value(v) || [];
}

function path(row) {
	return (value(row[FOLDER]) || '') + row[NAME] +
		(row[STREAM] === 0 ? '' : ':' + row[STREAM]);
}

// The output is below a folder of its own, with the same path there.
function output(row) {
	const v = row[OUTPUT];
	if (v === 0) return null;
	return Array.isArray(v) ? v[0] : value(v) + path(row);
}

// [ring, entry, thumbprint, name, sid, container, provider, flags, bits,
// reason]
function entries(row) {
	return list(row[RING]).map(value);
}

function opener(row) {
	const o = value(row[OPENED]);
	if (!o) return '';
	for (const e of entries(row))
		if (e[0] === o[0] && e[1] === o[1] && e[3] !== null)
			return e[3];
	return o[2] === null ? '' : o[2];
}

function personOf(e) {
	return (e[0] ? 'drf ' : 'ddf ') +
		(e[2] === null ? '?' + e[3] + '?' + e[4] : e[2]);
}

// ---------------------------------------------------------- as elements

function element(tag, parent, content, look) {
	const e = document.createElement(tag);
	if (content !== undefined) e.textContent = content;
	if (look) e.className = look;
	if (parent) parent.append(e);
	return e;
}

function number(n) {
	return BigInt(n).toLocaleString('en-US');
}

function exact(n) {
	return number(n) + (BigInt(n) === 1n ? ' byte' : ' bytes');
}

function size(n) {
	let v = Number(n), unit = -1;
	if (v < 1024) return exact(n);
	for (; v >= 1024 && unit < 5; unit++) v /= 1024;
	return (Math.floor(v * 10) / 10).toFixed(1) + ' ' + 'KMGTPE'[unit] +
		'iB';
}

// FILETIMEs in hex; nothing for one that is the same as the one before it.
function hexTimes(row) {
	const t = row[TIMES].split(' ');
	for (let i = 1; i < 4; i++) t[i] = t[i] || t[i - 1];
	return t;
}

// With all its seven digits.
function time(hex) {
	const t = BigInt('0x' + hex);
	const date = new Date(Number(t / 10000n - 11644473600000n));
	if (t === 0n) return null;
	return date.toISOString().slice(0, -5) + '.' +
		String(t % 10000000n).padStart(7, '0') + 'Z';
}

function times(row) {
	return hexTimes(row).map(time);
}

function fact(dl, label, v) {
	if (v === null || v === undefined || v === '') return null;
	element('dt', dl, label);
	return element('dd', dl, typeof v === 'string' ? v : undefined);
}

function facts(dl, label, texts, tag) {
	if (!texts.length) return;
	const items = element(tag || 'ul', fact(dl, label, texts));
	for (const t of texts)
		if (typeof t === 'string') element('li', items, t);
		else items.append(t);
}

function entryItem(e, opened) {
	const li = element('li', null, e[3] === null ? 'no name' : e[3]);
	li.append(' ');
	element('code', li, e[2] === null ? 'no thumbprint' : e[2]);
	if (e[4] !== null) {
		li.append(' ');
		element('code', li, e[4]);
	}
	let more = ' entry ' + e[1] + ', wrapped with ' + e[8] + ' bits';
	if (e[7]) more += ', flags ' + e[7];
	if (e[5] !== null) more += ', container ' + e[5];
	if (e[6] !== null) more += ', ' + e[6];
	element('span', li, more, 'dim');
	if (e[9] !== null) li.append(' damaged: ' + e[9]);
	if (opened) {
		li.append(' ');
		element('strong', li, 'opened the file');
	}
	return li;
}

function ringFacts(dl, row) {
	const o = value(row[OPENED]);
	for (const ring of [0, 1])
		facts(dl, ring ? 'Recovery agents' : 'Users',
			entries(row).filter(function (e) {
				return e[0] === ring;
			}).map(function (e) {
				return entryItem(e, o !== null &&
					o[0] === ring && o[1] === e[1]);
			}));
}

function tryText(t) {
	return (t[2] === null ? 'unknown key' : t[2]) + ' on ' +
		(t[0] ? 'drf' : 'ddf') + ' entry ' + t[1] + ', by ' +
		(t[3] ? 'thumbprint' : 'mathematics') + ': ' +
		(t[4] === null ? 'unknown' : t[4]);
}

function findingsOf(row) {
	return Array.from(document.querySelectorAll('script.finding')).filter(
		function (data) {
			return objectsOf(data.dataset.id).has(row[OBJECT]);
		}).map(function (data) { return data.dataset.title; });
}

function details(row) {
	const dl = element('dl'), o = value(row[OPENED]);
	const kind = value(row[KIND]) || [null, null, 0];
	const more = row[MORE] || [[], [], []];
	const at = times(row);

	fact(dl, 'Reason', value(row[REASON]));
	ringFacts(dl, row);
	facts(dl, 'Ring changed', more[2]);
	facts(dl, 'Keys tried', list(row[TRIES]).map(tryText), 'ol');
	facts(dl, 'Key unlocked by', o === null ? [] : o[3], 'ol');
	facts(dl, 'Would open it', list(row[MISSING]));
	facts(dl, 'Findings', findingsOf(row));
	facts(dl, 'Holes', more[1].map(function (h) {
		return 'at byte ' + number(h[0]) + ': ' + exact(h[1]);
	}));
	fact(dl, 'Size', exact(row[SIZE]));
	fact(dl, 'Written to', output(row));
	fact(dl, 'The same as in', value(row[SAME]));
	fact(dl, 'MD5', row[MD5]);
	fact(dl, 'SHA-1', row[SHA1]);
	fact(dl, 'SHA-256', row[SHA256]);
	fact(dl, 'MFT record', row[RECORD]);
	fact(dl, 'Metadata of class', kind[0] === null ? null : kind[0] +
		(kind[2] ? ', version ' + kind[2] : ''));
	fact(dl, 'Algorithm', kind[1]);
	['Created', 'Modified', 'Accessed', 'Changed'].forEach(
		function (label, i) { fact(dl, label, at[i]); });
	facts(dl, 'Other names', more[0]);
	return dl;
}

// What of the details is for paper.
function brief(row) {
	const parts = row[REASON] ? [value(row[REASON])] : [];
	for (const ring of [0, 1]) {
		const who = entries(row).filter(function (e) {
			return e[0] === ring;
		}).map(function (e) {
			return (e[3] === null ? 'no name' : e[3]) + ' ' +
				(e[2] === null ? '' : e[2]);
		});
		if (who.length)
			parts.push((ring ? 'Agents: ' : 'Users: ') +
				who.join(', '));
	}
	if (row[SHA256]) parts.push('SHA-256: ' + row[SHA256]);
	else if (row[SHA1]) parts.push('SHA-1: ' + row[SHA1]);
	else if (row[MD5]) parts.push('MD5: ' + row[MD5]);
	if (output(row) !== null) parts.push('Written to: ' + output(row));
	return parts.join('. ') + (parts.length ? '.' : '');
}
