import type { Page } from './page.ts';

/** Registries, the way to them, and what goes into an image. */
export const registryPages: Readonly<Record<string, Page>> = {
  'registry-unreachable': {
    title: "the registry doesn't answer",
    why: 'Nothing answers at its address, or its name is unknown.',
    fix: ['Is its name right, is the VPN up?', 'Behind a proxy: set HTTPS_PROXY and NO_PROXY.'],
  },
  'registry-untrusted': {
    title: "the registry's certificate isn't trusted",
    why: 'It is signed by an authority that this machine does not know, is for another name, or has expired.',
    fix: ['For an authority of your own: NODE_EXTRA_CA_CERTS=FILE.'],
  },
  'registry-without-tls': {
    title: 'the registry speaks plain HTTP',
    why: 'Passwords and images would go over the network in the clear, and anyone in between could change them. It is done unasked for localhost only.',
    fix: ['Give the registry a certificate.', 'Or say that it is reached over plain HTTP.'],
  },
  'registry-login-needed': {
    title: 'the registry wants a login',
    why: "None is known for it: logins are looked up in Docker's and podman's files (DOCKER_CONFIG, REGISTRY_AUTH_FILE) and by their credential helpers.",
    fix: ['docker login HOST, podman login HOST or skopeo login HOST.'],
  },
  'registry-login-refused': {
    title: "the registry doesn't accept the login",
    why: 'There is one, but the password or the token is wrong, or has expired.',
    fix: ['Log in again: docker login HOST.', "In CI: look whether the job's token is still valid."],
  },
  'registry-not-allowed': {
    title: 'the registry refuses this repository',
    why: 'The login is good, but has no right here; some registries say so of a repository that does not exist, too.',
    fix: [
      'Is the name right?',
      'Make the repository first where the registry wants that.',
      'Ask for the right.',
    ],
  },
  'registry-read-only': {
    title: 'the registry is read-only',
    why: 'It is in maintenance, or a mirror of another one.',
    fix: ['Push to another one, or later.'],
  },
  'registry-full': {
    title: 'the registry has no room',
    why: 'A quota is used up (507, 413), or a proxy in front of it limits how large a request may be (413).',
    fix: [
      'Delete old images, or ask for a larger quota.',
      'Raise the limit of the proxy (nginx: client_max_body_size).',
    ],
  },
  'registry-broke-off': {
    title: 'the connection to the registry kept breaking',
    why: 'It was tried several times, each time going on where it was if the registry can do so.',
    fix: ['Run the same command again: layers that are there are not sent again.'],
  },
  'registry-failed': {
    title: 'the registry failed',
    why: 'It answered with an error of its own; the details are its words.',
    fix: ['Run the same command again; if it stays, ask who runs the registry.'],
  },
  'registry-answer-odd': {
    title: "the registry's answer makes no sense",
    why: 'What it sent has another digest than was asked for, or is no manifest at all.',
    fix: ['Is it a registry? A proxy in between may answer in its place.'],
  },
  'image-not-found': {
    title: 'there is no such image',
    why: 'The registry answered that it does not have it.',
    fix: ['Is the name right, and the tag?', 'Was it pushed?'],
  },
  'image-platform-missing': {
    title: "the image isn't there for this platform",
    why: 'An image holds programs of one processor; an index lists one image for each.',
    fix: ['Build it for this platform, or choose one that it has.'],
  },
  'image-layout-broken': {
    title: "a built image can't be read",
    why: 'The folder that the tool wrote is no OCI image layout, or a part of it is missing.',
    fix: ['Build again.', 'Update the tool.'],
  },
  'docker-config-broken': {
    title: "the file of logins can't be read",
    why: "It is Docker's (or podman's) own file of logins, and isn't valid JSON, or may not be read.",
    fix: ['Mend it, or move it away and log in again.'],
  },
  'credential-helper-failed': {
    title: 'the program that keeps the logins failed',
    why: "Docker's file names it under credHelpers or credsStore; it isn't there, or ended with an error.",
    fix: ['Install it; it must be on the PATH.', 'Run it by hand: echo HOST | docker-credential-NAME get'],
  },
  'ignore-pattern-bad': {
    title: "a pattern of .dockerignore can't be read",
    why: "The patterns are Docker's: *, ?, [a-z], ** and ! in front.",
    fix: ['Correct the line.'],
  },
  'source-unreadable': {
    title: "a file for the image can't be read",
    why: 'It is not there, or you have no right to read it.',
    fix: ['Make it readable, or leave it out by a line in .dockerignore.'],
  },
  'source-changed': {
    title: 'a file changed while it was put into the image',
    why: 'An image of half of it would be wrong.',
    fix: ['Let what writes to it end.', 'Or leave it out by a line in .dockerignore.'],
  },
};
