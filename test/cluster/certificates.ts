import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIPv4 } from 'node:net';

/**
 * Certificates for a throw-away cluster, without a foreign program: Node can make keys and sign, and an X.509
 * certificate is a small tree of DER values around that.
 */

/** A certificate and its private key, both as PEM. */
export type Identity = { readonly certificate: string; readonly key: string };

/** An identity that may sign others. */
export type Authority = Identity & { readonly name: string; readonly privateKey: KeyObject };

type Subject = { readonly commonName: string; readonly organization?: string };

const DAY_MS = 24 * 60 * 60 * 1000;
const LIFETIME_DAYS = 365;

const OID = {
  commonName: '550403',
  organization: '55040a',
  ecdsaWithSha256: '2a8648ce3d040302',
  basicConstraints: '551d13',
  keyUsage: '551d0f',
  extendedKeyUsage: '551d25',
  subjectAlternativeName: '551d11',
  serverAuth: '2b06010505070301',
  clientAuth: '2b06010505070302',
} as const;

/** Makes a self-signed authority. */
export function createAuthority(commonName: string): Authority {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const extensions = [
    extension(OID.basicConstraints, sequence(boolean(true))),
    // digitalSignature, keyCertSign
    extension(OID.keyUsage, bitString(Buffer.from([0x84]), 2)),
  ];
  const certificate = signCertificate({ commonName }, publicKey, extensions, {
    name: commonName,
    privateKey,
  });
  return { name: commonName, privateKey, certificate, key: pemOfKey(privateKey) };
}

/**
 * Makes an identity signed by an authority. With `hosts` (DNS names and IPv4 addresses) it can serve; every
 * one can also be a client, with the organizations that Kubernetes reads as groups.
 */
export function createIdentity(
  authority: Authority,
  subject: Subject,
  hosts: readonly string[] = [],
): Identity {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const uses = [objectId(OID.clientAuth), ...(hosts.length > 0 ? [objectId(OID.serverAuth)] : [])];
  const extensions = [
    // digitalSignature
    extension(OID.keyUsage, bitString(Buffer.from([0x80]), 7)),
    extension(OID.extendedKeyUsage, sequence(...uses)),
  ];
  if (hosts.length > 0) {
    extensions.push(extension(OID.subjectAlternativeName, sequence(...hosts.map(alternativeName))));
  }
  return {
    certificate: signCertificate(subject, publicKey, extensions, authority),
    key: pemOfKey(privateKey),
  };
}

/** A key pair as PEM, as service account tokens are signed and checked with. */
export function createKeyPair(): { readonly publicKey: string; readonly privateKey: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    privateKey: pemOfKey(privateKey),
  };
}

function signCertificate(
  subject: Subject,
  publicKey: KeyObject,
  extensions: readonly Buffer[],
  issuer: { readonly name: string; readonly privateKey: KeyObject },
): string {
  const algorithm = sequence(objectId(OID.ecdsaWithSha256));
  const now = Date.now();
  const body = sequence(
    context(0, integer(Buffer.from([2]))),
    integer(randomBytes(16)),
    algorithm,
    name({ commonName: issuer.name }),
    // A day back, so that a clock that is stepped during the test does no harm.
    sequence(utcTime(now - DAY_MS), utcTime(now + LIFETIME_DAYS * DAY_MS)),
    name(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    context(3, sequence(...extensions)),
  );
  const signature = sign('sha256', body, issuer.privateKey);
  return pem('CERTIFICATE', sequence(body, algorithm, bitString(signature, 0)));
}

function pemOfKey(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function pem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

function tlv(tag: number, content: Buffer): Buffer {
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content]);
  const bytes = Buffer.from(length.toString(16).padStart(length > 0xff ? 4 : 2, '0'), 'hex');
  return Buffer.concat([Buffer.from([tag, 0x80 | bytes.length]), bytes, content]);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return tlv(0x30, Buffer.concat(parts));
}

function context(number: number, content: Buffer): Buffer {
  return tlv(0xa0 | number, content);
}

function objectId(hex: string): Buffer {
  return tlv(0x06, Buffer.from(hex, 'hex'));
}

function boolean(value: boolean): Buffer {
  return tlv(0x01, Buffer.from([value ? 0xff : 0]));
}

/** An unsigned number: a zero byte in front where the first bit would read as a minus, none too many. */
function integer(bytes: Buffer): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0);
  const trimmed = first === -1 ? Buffer.from([0]) : bytes.subarray(first);
  const signed = (trimmed[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.from([0]), trimmed]) : trimmed;
  return tlv(0x02, signed);
}

function bitString(bytes: Buffer, unusedBits: number): Buffer {
  return tlv(0x03, Buffer.concat([Buffer.from([unusedBits]), bytes]));
}

function utcTime(time: number): Buffer {
  const digits = new Date(time).toISOString().replace(/[-:T]/g, '').slice(2, 14);
  return tlv(0x17, Buffer.from(`${digits}Z`, 'ascii'));
}

function name(subject: Subject): Buffer {
  const attribute = (id: string, value: string): Buffer =>
    tlv(0x31, sequence(objectId(id), tlv(0x0c, Buffer.from(value, 'utf8'))));
  const parts = [attribute(OID.commonName, subject.commonName)];
  if (subject.organization !== undefined) parts.unshift(attribute(OID.organization, subject.organization));
  return sequence(...parts);
}

function extension(id: string, value: Buffer): Buffer {
  const critical = id === OID.basicConstraints || id === OID.keyUsage ? [boolean(true)] : [];
  return sequence(objectId(id), ...critical, tlv(0x04, value));
}

function alternativeName(host: string): Buffer {
  if (isIPv4(host)) return tlv(0x87, Buffer.from(host.split('.').map(Number)));
  return tlv(0x82, Buffer.from(host, 'ascii'));
}
