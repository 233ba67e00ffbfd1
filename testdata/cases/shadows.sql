-- SPDX-License-Identifier: MIT
--
-- shadows.sql - a volume with two shadow copies: Bob was taken off a file, the
-- agent came to it; another is the same in all views; a third is gone; with
-- SHA-1
INSERT INTO tool (id, version, command, started, ended, interrupted) VALUES
	(1, 'efsleuth 0.1.0', 'recover --snapshots all --hash md5,sha1,sha256 --pfx ann.pfx -o out d.E01',
	 '2024-06-01T08:00:00Z', NULL, 1);
INSERT INTO evidence (id, name, path, format, size) VALUES
	(1, 'd.E01', 'd.E01', 'EnCase (EWF)', 104857600);
INSERT INTO volume (id, evidence, number, snapshot, offset, size, filesystem,
	sector, cluster, serial, made, records, objects) VALUES
	(1, 1, 1, 0, 0, 104857600, 'NTFS', 512, 4096, 4660, NULL, 100, 2),
	(2, 1, 1, 1, 0, 104857600, 'NTFS', 512, 4096, 4660,
	 (unixepoch('2024-01-01') + 11644473600) * 10000000, 90, 3),
	(3, 1, 1, 2, 0, 104857600, 'NTFS', 512, 4096, 4660,
	 (unixepoch('2024-02-01') + 11644473600) * 10000000, 95, 2);

-- Carl's entries bear no thumbprint: he is known by name and SID.
INSERT INTO credential (id, thumbprint, name, sid) VALUES
	(1, 'a111111111111111111111111111111111111111', 'ann', 'S-1-5-21-1-2-3-1001'),
	(2, 'b222222222222222222222222222222222222222', 'bob', NULL),
	(3, 'd444444444444444444444444444444444444444', 'agent', NULL),
	(4, NULL, 'carl', 'S-1-5-21-1-2-3-1003');
INSERT INTO object (id, volume, mft, sequence, path, directory, deleted, created,
	efs_version, class, algorithm, opened_ring, opened_entry, opened_key, owners)
	VALUES
	(1, 1, 50, 2, '/budget 2.ods', 0, 0, 133485408000000000, 2, 'user',
	 'aes-256', 'ddf', 0, 'a111111111111111111111111111111111111111',
	 'ddf 1 drf 3'),
	(2, 1, 51, 1, '/same.bin', 0, 0, 133485408000000000, 2, 'user', 'aes-128',
	 'ddf', 0, 'a111111111111111111111111111111111111111', 'ddf 1'),
	(3, 2, 50, 2, '/budget.ods', 0, 0, 133485408000000000, 2, 'user',
	 'aes-256', 'ddf', 0, 'a111111111111111111111111111111111111111',
	 'ddf 1 2'),
	(4, 2, 51, 1, '/same.bin', 0, 0, 133485408000000000, 2, 'user', 'aes-128',
	 'ddf', 0, 'a111111111111111111111111111111111111111', 'ddf 1'),
	(5, 2, 52, 1, '/gone.txt', 0, 0, 133485408000000000, 2, 'user', NULL, NULL,
	 NULL, NULL, 'ddf 4'),
	(6, 3, 50, 2, '/budget.ods', 0, 0, 133485408000000000, 2, 'user',
	 'aes-256', 'ddf', 0, 'a111111111111111111111111111111111111111', 'ddf 1'),
	(7, 3, 51, 1, '/same.bin', 0, 0, 133485408000000000, 2, 'user', 'aes-128',
	 'ddf', 0, 'a111111111111111111111111111111111111111', 'ddf 1');
INSERT INTO entry (object, ring, entry, credential, flags, wrapped_bits) VALUES
	(1, 'ddf', 0, 1, 0, 2048), (1, 'drf', 0, 3, 0, 2048),
	(2, 'ddf', 0, 1, 0, 2048),
	(3, 'ddf', 0, 1, 0, 2048), (3, 'ddf', 1, 2, 0, 2048),
	(4, 'ddf', 0, 1, 0, 2048),
	(5, 'ddf', 0, 4, 0, 2048),
	(6, 'ddf', 0, 1, 0, 2048),
	(7, 'ddf', 0, 1, 0, 2048);
INSERT INTO stream (id, object, size, status, reason, output, same_as, md5,
	sha1, sha256) VALUES
	(1, 1, 3, 'recovered_verified', 'the padding is zero',
	 'files/d.E01/v1/budget 2.ods', NULL, 'acbd18db4cc2f85cedef654fccc4a4d8',
	 '0beec7b5ea3f0fdbc95d0dd47f3c5bc275da8a33',
	 '2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae'),
	(2, 2, 3, 'recovered_verified', 'the padding is zero',
	 'files/d.E01/v1/same.bin', NULL, '37b51d194a7513e45b56f6524f2d51f2',
	 '62cdb7020ff920e5aa642c3d4066950dd1f01f4d',
	 'fcde2b2edba56bf408601fb721fe9b5c338d10ee429ea04fae5511b68fbf8fb9'),
	(3, 3, 3, 'recovered_verified', 'the padding is zero',
	 'files/d.E01/v1.s1/budget.ods', NULL, '73feffa4b7f6bb68e44cf984c85f6e88',
	 'bbe960a25ea311d21d40669e93df2003ba9b90a2',
	 'baa5a0964d3320fbc0c6a922140453c8513ea24ab8fd0577034804a967248096'),
	(4, 4, 3, 'recovered_verified', 'the padding is zero',
	 'files/d.E01/v1/same.bin', 'v1', '37b51d194a7513e45b56f6524f2d51f2',
	 '62cdb7020ff920e5aa642c3d4066950dd1f01f4d',
	 'fcde2b2edba56bf408601fb721fe9b5c338d10ee429ea04fae5511b68fbf8fb9'),
	(5, 5, 10, 'no_key', 'no key at hand matches', NULL, NULL, NULL, NULL,
	 NULL),
	(6, 6, 3, 'recovered_verified', 'the padding is zero',
	 'files/d.E01/v1.s1/budget.ods', 'v1.s1',
	 '73feffa4b7f6bb68e44cf984c85f6e88',
	 'bbe960a25ea311d21d40669e93df2003ba9b90a2',
	 'baa5a0964d3320fbc0c6a922140453c8513ea24ab8fd0577034804a967248096'),
	(7, 7, 3, 'recovered_verified', 'the padding is zero',
	 'files/d.E01/v1/same.bin', 'v1', '37b51d194a7513e45b56f6524f2d51f2',
	 '62cdb7020ff920e5aa642c3d4066950dd1f01f4d',
	 'fcde2b2edba56bf408601fb721fe9b5c338d10ee429ea04fae5511b68fbf8fb9');
