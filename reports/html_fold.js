// SPDX-License-Identifier: MIT
//
// html_fold.js - folders of the matrix fold
'use strict';

function depth(tr) {
	return +tr.dataset.depth;
}

function fold(tr, shut) {
	const button = tr.querySelector('.fold');
	let hide = shut ? depth(tr) : Infinity;
	tr.dataset.shut = shut ? 'yes' : '';
	button.setAttribute('aria-expanded', String(!shut));
	button.textContent = shut ? '\u25B8' : '\u25BE';
	for (let next = tr.nextElementSibling;
		next !== null && depth(next) > depth(tr);
		next = next.nextElementSibling) {
		if (depth(next) <= hide) hide = Infinity;
		next.hidden = depth(next) > hide;
		if (!next.hidden && next.dataset.shut === 'yes')
			hide = depth(next);
	}
}

function foldable(tr) {
	const next = tr.nextElementSibling;
	const place = tr.querySelector('.nofold');
	if (next === null || depth(next) <= depth(tr)) return;
	const button = element('button', null, '\u25BE', 'fold');
	button.type = 'button';
	button.setAttribute('aria-expanded', 'true');
	button.setAttribute('aria-label', 'Folders in ' + tr.dataset.path);
	button.addEventListener('click', function () {
		fold(tr, tr.dataset.shut !== 'yes');
	});
	place.replaceWith(button);
}

function children(tr) {
	let n = 0;
	for (let next = tr.nextElementSibling;
		next !== null && depth(next) > depth(tr);
		next = next.nextElementSibling)
		if (depth(next) === depth(tr) + 1) n++;
	return n;
}

function folders() {
	const all = Array.from(document.querySelectorAll('#matrix tbody tr'));
	all.forEach(foldable);
	// A long tree opens as its upper levels, and without its longest folders.
	if (all.length > 60)
		for (const tr of all.reverse())
			if ((depth(tr) >= 2 || children(tr) > 60) &&
				tr.querySelector('.fold'))
				fold(tr, true);
}
