#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
#
# counts.py FORMAT FILE [COLUMN] - count what a report lists, as another reader
# reads it: "VALUE N" a line, sorted
import collections
import csv
import json
import re
import sys
import xml.etree.ElementTree as xml

TAG = 'efs-status:'


def of_csv(path, column):
    with open(path, newline='', encoding='utf-8') as f:
        return [row[column] for row in csv.DictReader(f, strict=True)]


def of_case(path):
    """Statuses are tags of the streams."""
    with open(path, encoding='utf-8') as f:
        graph = json.load(f)['@graph']
    return [tag[len(TAG):] for node in graph
            for tag in node.get('uco-core:tag', []) if tag.startswith(TAG)]


def of_html(path, column='STATUS'):
    """The rows are JSON that the page's script shows; the script says where in
    a row a value is.  Rows may end before it."""
    with open(path, encoding='utf-8') as f:
        page = f.read()
    data = r'<script type="application/json" %s>(.*?)</script>'
    names = json.loads(re.search(data % 'id="statuses"', page, re.S)[1])
    place = int(re.search(r'\b%s = (\d+)' % column, page)[1])
    values = [row[place] if place < len(row) else None
              for piece in re.findall(data % 'class="rows"', page, re.S)
              for row in json.loads(piece)['rows']]
    return [names[v][0] for v in values] if column == 'STATUS' else \
        [v for v in values if v is not None]


def of_markdown(path, title):
    """What cmark-gfm made of it: the first cells of the table of a chapter."""
    with open(path, encoding='utf-8') as f:
        top = list(xml.fromstring('<r>' + f.read() + '</r>'))
    for i, element in enumerate(top):
        if element.tag == 'h2' and element.text == title:
            return [[cell.text or '' for cell in row]
                    for row in top[i + 1].find('tbody')]
    return []


def of_timeline(path):
    """What mactime -d made of a bodyfile: a file has a line for each time."""
    with open(path, newline='', encoding='utf-8') as f:
        rows = csv.DictReader(f)
        return {(row['Meta'], row['File Name']) for row in rows}


def main():
    form, path = sys.argv[1:3]
    if form == 'result':
        rows = [(row[0], int(row[1].replace(',', '')))
                for row in of_markdown(path, 'Result') if row[0] != 'all']
        found = collections.Counter(dict(rows))
    elif form == 'table':
        found = collections.Counter(
            row[0] for row in of_markdown(path, sys.argv[3]))
    elif form == 'csv':
        found = collections.Counter(of_csv(path, sys.argv[3]))
    elif form == 'timeline':
        found = {'all': len(of_timeline(path))}
    else:
        read = {'case': of_case, 'html': of_html}[form]
        found = collections.Counter(read(path, *sys.argv[3:]))
    for value in sorted(found):
        print(value, found[value])


main()
