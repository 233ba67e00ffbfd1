-- SPDX-License-Identifier: MIT
--
-- usual.sql - a disk of two people: Ann's key is here, Bob's only behind a
-- password; the policy's agent is on one of the files, an old one on another
INSERT INTO tool (id, version, command, started, ended, interrupted) VALUES
	(1, 'efsleuth 0.1.0, libtsk 4.11.1, OpenSSL 3.0.11 19 Sep 2023',
	 'recover --pfx ann.pfx --pfx bob.pfx --password-file words -o out disk.dd',
	 '2024-06-01T08:00:00Z', '2024-06-01T08:00:05Z', 0);
INSERT INTO evidence (id, name, path, format, size, sha256) VALUES
	(1, 'disk.dd', '/cases/7/disk.dd', 'raw', 1073741824,
	 '2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae');
INSERT INTO volume (id, evidence, number, snapshot, offset, size, description,
	filesystem, sector, cluster, serial, records, objects) VALUES
	(1, 1, 1, 0, 1048576, 1072693248, 'Basic data partition', 'NTFS', 512,
	 4096, 1311768467463790320, 400, 6);
INSERT INTO fact (evidence, volume, name, value) VALUES
	(1, NULL, 'acquired', '2024-05-31'),
	(NULL, 1, 'label', 'Data');

-- Ann's certificate ended before the run, the old agent's key is short.
INSERT INTO certificate (id, thumbprint, subject, issuer, serial, not_before,
	not_after, kind, bits, self_signed, efs, recovery, source) VALUES
	(1, 'a111111111111111111111111111111111111111', 'CN=ann', 'CN=ann', '01',
	 (unixepoch('2019-01-01') + 11644473600) * 10000000,
	 (unixepoch('2024-01-01') + 11644473600) * 10000000,
	 'rsa', 2048, 1, 1, 0, 'ann.pfx'),
	(2, 'd444444444444444444444444444444444444444', 'CN=EFS agent',
	 'CN=Example CA', '0a', (unixepoch('2020-01-01') + 11644473600) * 10000000,
	 (unixepoch('2030-01-01') + 11644473600) * 10000000,
	 'rsa', 4096, 0, 0, 1, 'disk.dd v1 /Windows/System32/config/SOFTWARE');
INSERT INTO account (id, evidence, sid, name, local, source) VALUES
	(1, 1, 'S-1-5-21-1-2-3-1001', 'ann', 1, 'disk.dd v1 SAM'),
	(2, 1, 'S-1-5-21-1-2-3-1002', 'bob', 1, 'disk.dd v1 SAM');
INSERT INTO policy (id, evidence, volume, source) VALUES
	(1, 1, 1, 'disk.dd v1 /Windows/System32/config/SOFTWARE');
INSERT INTO agent (policy, n, thumbprint, sid) VALUES
	(1, 0, 'd444444444444444444444444444444444444444', 'S-1-5-21-1-2-3-500');

INSERT INTO key (id, type, key_id, sid, user, name, source, evidence, volume,
	path, bits, current, state, unlocked_by, reason, opens) VALUES
	(1, 'private_key', 'a111111111111111111111111111111111111111', NULL, NULL,
	 'CN=ann', 'ann.pfx', NULL, NULL, 'ann.pfx', 2048, 0, 'unlocked',
	 'password #2', NULL, 4),
	(2, 'pfx', NULL, NULL, NULL, NULL, 'bob.pfx', NULL, NULL, 'bob.pfx', NULL,
	 0, 'locked', NULL,
	 'neither the blank password nor any of 2 opens it', 1),
	(3, 'certificate', 'b222222222222222222222222222222222222222',
	 'S-1-5-21-1-2-3-1002', 'bob', 'CN=bob',
	 'disk.dd v1 /Users/bob/AppData/Roaming/Microsoft/SystemCertificates/My/Certificates/b222',
	 'disk.dd', 1,
	 '/Users/bob/AppData/Roaming/Microsoft/SystemCertificates/My/Certificates/b222',
	 2048, 1, 'public', NULL, NULL, 0);
INSERT INTO crack (key, position, line) VALUES
	(2, 0, '$pfxng$256$32$2048$8$0102030405060708$3082$b0bf');

INSERT INTO credential (id, thumbprint, name, sid, container, provider) VALUES
	(1, 'a111111111111111111111111111111111111111', 'ann(ann@PC)',
	 'S-1-5-21-1-2-3-1001', '5f28aaaa-0000-4000-8000-000000000001',
	 'Microsoft Enhanced Cryptographic Provider v1.0'),
	(2, 'b222222222222222222222222222222222222222', 'bob(bob@PC)',
	 'S-1-5-21-1-2-3-1002', NULL, NULL),
	(3, 'd444444444444444444444444444444444444444', 'EFS agent', NULL, NULL,
	 NULL),
	(4, 'e555555555555555555555555555555555555555', 'old agent', NULL, NULL,
	 NULL);
INSERT INTO object (id, volume, mft, sequence, path, directory, deleted, created,
	modified, accessed, changed, efs_version, efs_id, class, algorithm,
	opened_ring, opened_entry, opened_key, owners) VALUES
	(1, 1, 41, 1, '/Users/ann/Private', 1, 0, 133537248000000001,
	 133537248000000002, 133537248000000003, 133537248000000004, 2,
	 '{00000000-0000-4000-8000-000000000041}', 'user', NULL, 'ddf', 0,
	 'a111111111111111111111111111111111111111', 'ddf 1 drf 3'),
	(2, 1, 42, 1, '/Users/ann/Private/plan.docx', 0, 0, 133537248000000001,
	 133537248000000002, 133537248000000003, 133537248000000004, 2,
	 '{00000000-0000-4000-8000-000000000042}', 'user', 'aes-256', 'ddf', 0,
	 'a111111111111111111111111111111111111111', 'ddf 1 drf 3'),
	(3, 1, 43, 7, '/Users/bob/shared.xlsx', 0, 0, 133537248000000001,
	 133537248000000002, 133537248000000003, 133537248000000004, 2,
	 '{00000000-0000-4000-8000-000000000043}', 'user', '3des', 'ddf', 1,
	 'a111111111111111111111111111111111111111', 'ddf 2 1 drf 4'),
	(4, 1, 44, 1, '/Users/bob/letter.odt', 0, 0, 133537248000000001,
	 133537248000000002, 133537248000000003, 133537248000000004, 2,
	 '{00000000-0000-4000-8000-000000000044}', 'user', NULL, NULL, NULL, NULL,
	 'ddf 2'),
	(5, 1, 45, 2, '/Users/bob/safe.zip', 0, 1, 133537248000000001, NULL, NULL,
	 NULL, 2, '{00000000-0000-4000-8000-000000000045}', 'user', NULL, NULL,
	 NULL, NULL, 'ddf 2'),
	(6, 1, 46, 1, '/Users/ann/old.mdb', 0, 0, 133537248000000001,
	 133537248000000002, 133537248000000003, 133537248000000004, 2,
	 '{00000000-0000-4000-8000-000000000046}', 'user', 'desx', 'ddf', 0,
	 'a111111111111111111111111111111111111111', 'ddf 1');
INSERT INTO link (object, n, path) VALUES
	(2, 0, '/Users/ann/Desktop/plan.docx');
INSERT INTO entry (object, ring, entry, credential, flags, wrapped_bits) VALUES
	(1, 'ddf', 0, 1, 0, 2048), (1, 'drf', 0, 3, 0, 4096),
	(2, 'ddf', 0, 1, 0, 2048), (2, 'drf', 0, 3, 0, 4096),
	(3, 'ddf', 0, 2, 0, 2048), (3, 'ddf', 1, 1, 0, 2048),
	(3, 'drf', 0, 4, 0, 1024),
	(4, 'ddf', 0, 2, 0, 2048),
	(5, 'ddf', 0, 2, 0, 2048),
	(6, 'ddf', 0, 1, 0, 2048);
INSERT INTO try (object, n, ring, entry, key, method, result) VALUES
	(2, 0, 'ddf', 0, 'a111111111111111111111111111111111111111',
	 'thumbprint', 'opened'),
	(3, 0, 'ddf', 0, 'a111111111111111111111111111111111111111',
	 'mathematics', 'does not decrypt: wrong key'),
	(3, 1, 'ddf', 1, 'a111111111111111111111111111111111111111',
	 'thumbprint', 'opened');
INSERT INTO chain (object, n, step) VALUES
	(1, 0, 'password #2'), (1, 1, 'private key a111'),
	(2, 0, 'password #2'), (2, 1, 'private key a111'),
	(3, 0, 'password #2'), (3, 1, 'private key a111'),
	(6, 0, 'password #2'), (6, 1, 'private key a111');
INSERT INTO stream (id, object, name, size, status, reason, output, md5, sha256)
	VALUES
	(1, 1, NULL, 0, 'recovered_verified', 'the file key''s structure is valid',
	 'files/disk.dd/v1/Users/ann/Private', NULL, NULL),
	(2, 2, NULL, 3, 'recovered_verified', 'the padding is zero',
	 'files/disk.dd/v1/Users/ann/Private/plan.docx',
	 'acbd18db4cc2f85cedef654fccc4a4d8',
	 '2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae'),
	(3, 2, 'notes', 3, 'recovered_unverified', 'nothing allows a proof',
	 'files/disk.dd/v1/Users/ann/Private/plan.docx:notes',
	 '37b51d194a7513e45b56f6524f2d51f2',
	 'fcde2b2edba56bf408601fb721fe9b5c338d10ee429ea04fae5511b68fbf8fb9'),
	(4, 3, NULL, 3, 'recovered_verified', 'the padding is zero',
	 'files/disk.dd/v1/Users/bob/shared.xlsx',
	 '73feffa4b7f6bb68e44cf984c85f6e88',
	 'baa5a0964d3320fbc0c6a922140453c8513ea24ab8fd0577034804a967248096'),
	(5, 4, NULL, 70000, 'no_key', 'no key at hand matches', NULL, NULL, NULL),
	(6, 5, NULL, 1234567, 'key_locked',
	 'bob.pfx: no password at hand opens it', NULL, NULL, NULL),
	(7, 6, NULL, 4096, 'recovered_partial', '2 of 8 units could not be read',
	 'files/disk.dd/v1/Users/ann/old.mdb',
	 '620f0b67a91f7f74151bc5be745b7110',
	 'ad7facb2586fc6e966c004d7d1d16b024f5805ff7cb47c7a85dabd8b48892ca7');
INSERT INTO hole (stream, n, offset, size) VALUES
	(7, 0, 512, 512), (7, 1, 3072, 512);
INSERT INTO bad (evidence, offset, size) VALUES
	(1, 1052672, 512), (1, 1055232, 512);
INSERT INTO wanted (id, kind, secret, what) VALUES
	(1, 'private_key', 'b222222222222222222222222222222222222222',
	 'the private key of certificate b222222222222222222222222222222222222222 (bob)'),
	(2, 'password', 'bob.pfx', 'the password of bob.pfx');
INSERT INTO wanted_by (wanted, object) VALUES (1, 4), (1, 5), (2, 5);
