import type { Page } from './page.ts';

/**
 * Why an app isn't ready. Each page says by which fact of the API its cause is seen, and whether it fails at once
 * (hopeless), after a budget, or only when nothing happens any more (waiting).
 */
export const causePages: Readonly<Record<string, Page>> = {
  'not-ready': {
    title: "it isn't ready",
    why: "The instances run, but the cluster doesn't call them ready, and no closer cause shows.",
    fix: ['Look at paas logs and paas status.'],
  },
  crash: {
    title: 'the program ended with an error',
    why: 'It ended by itself or by a signal, as the state of its container says (terminated, with an exit code). Two restarts are forgiven, counted from when everything that it uses is ready, and only those of this deploy. Its last words stand below the message.',
    fix: [
      'Read its last words; paas logs shows more.',
      'Look at what this release changed: the message names it where it can have done it.',
    ],
  },
  exited: {
    title: 'the program ended by itself',
    why: 'A component must go on running; this one ended with exit code 0. Two restarts are forgiven.',
    fix: ['Keep it in the foreground: no daemon mode.', 'What is meant to end is a job: run or schedule.'],
  },
  'out-of-memory': {
    title: 'it used more memory than it may',
    why: 'The kernel ended the program at the limit of resources.memory (OOMKilled): what it used then is that limit. Two restarts are forgiven.',
    fix: [
      'Raise resources.memory, or let the program use less.',
      'Tell runtimes with a heap of their own about the limit, such as -XX:MaxRAMPercentage=75 for Java.',
    ],
  },
  'cannot-start': {
    title: "the program can't be started",
    why: "The command isn't in the image, or may not be executed: the container's state says StartError or RunContainerError. Where it is not there, it fails at once.",
    fix: [
      'Look at command and entrypoint: the first word is a program of the image.',
      'chmod +x in the Dockerfile.',
    ],
  },
  'wrong-architecture': {
    title: 'the image is for another kind of machine',
    why: "Its programs are for another processor than the node's: the pull says no match for platform, or starting it says exec format error. It fails at once.",
    fix: [
      'Build it for the machines of the cluster: docker build --platform linux/amd64, or for several at once with buildx.',
      'kubectl get nodes -L kubernetes.io/arch tells which they are.',
    ],
  },
  'read-only-root': {
    title: 'the program writes where it may not',
    why: 'The root of a container is read-only by default, but for /tmp and volumes. Said only where the last lines of the program that ended name a path outside of them as read-only.',
    fix: [
      'Let it write to /tmp, or to a volume.',
      'Open the root: security: {writable_root: true}. What is written there is gone with the instance.',
    ],
  },
  'runs-as-root': {
    title: 'the image wants to run as root',
    why: 'Programs run without root rights by default, and this image names no other user by number. The node refuses to start it (CreateContainerConfigError). It fails at once.',
    fix: [
      'Set USER 1000 (a number) in the Dockerfile.',
      'Say which user: security: {user: 1000}.',
      'Let it: security: {run_as_root: true}.',
    ],
  },
  'image-not-found': {
    title: "the image isn't there",
    why: "The registry doesn't have this name or tag, or the name isn't valid (ErrImagePull with not found, InvalidImageName). It fails at once.",
    fix: ['Look at the name and the tag in image.', 'Was it pushed?'],
  },
  'image-refused': {
    title: 'the registry refuses the image',
    why: "It wants credentials that the cluster doesn't have, or they don't allow this image (ErrImagePull with 401, 403 or denied). Many registries answer the same for a name that isn't there. It fails at once; where the node says that it pulled without the Secret, as one that hasn't got it yet does (FailedToRetrieveImagePullSecret), it is given three tries.",
    fix: [
      'Look at the name of the image.',
      "To pull, the cluster needs a login of its own: the one that you push with is yours, may do more than pull, and isn't put into a cluster.",
      'The platform team makes a Secret with a login that may pull (kubectl create secret docker-registry NAME -n NAMESPACE …) and names it in platform.yaml: registries: {HOST: {pull_secret: NAMESPACE/NAME}}. Each deploy copies it into the namespace of the app.',
      'Where platform.yaml names one already: its login is wrong, has expired, or may not pull this image.',
    ],
  },
  'pull-rate-limited': {
    title: 'the registry lets nobody pull so often',
    why: 'It answers 429: too many images were pulled by one address or account. The node tries again by itself, so this is waited for.',
    fix: ['Log in to the registry: known accounts may pull more.', 'Use a mirror of the registry.'],
  },
  'image-pull': {
    title: "the image isn't pulled yet",
    why: "The node is still fetching it, or the registry doesn't answer. It is waited for; nobody tells how far a pull is, so only --timeout ends it.",
    fix: ['Wait; a large image takes its time.', 'Look whether the nodes reach the registry.'],
  },
  'bad-config': {
    title: "the configuration can't be made",
    why: "Something that the container refers to isn't there, such as a Secret, a ConfigMap or a key of one: its state says CreateContainerConfigError, or an event says FailedMount. It fails at once.",
    fix: ['Look at what the message names.', 'Secrets of paas are stored with paas secrets set.'],
  },
  'probe-failing': {
    title: 'the health check fails',
    why: "The program runs, but doesn't answer as health asks, so it gets no traffic; a liveness check that fails ends it. The kubelet's event Unhealthy says what was asked and what it got. It may take as long as its checks allow, (delay + interval × failures) of startup and readiness, and 3 minutes more.",
    fix: [
      'Does it listen on the port of the file, on all addresses (0.0.0.0)?',
      'Is the path right?',
      'Does it take longer to start? Use health: {startup: …}.',
    ],
  },
  'listens-on-localhost': {
    title: 'the program listens on localhost only',
    why: 'Its check from outside of the container is refused, while a connection to the same port from inside of its network (a port-forward) is accepted. So nobody else reaches it. It fails when its checks have had their time.',
    fix: [
      'Let it listen on 0.0.0.0 (or ::) in place of 127.0.0.1 or localhost; many frameworks have a setting HOST or --host for it.',
    ],
  },
  'listens-elsewhere': {
    title: 'the program listens on another port',
    why: 'Its check is refused on the port of the file, while another port accepts a connection (a port-forward to the ports of the container, those of its variables, and the usual ones). It may still begin to listen on the right one, so it has the time of any health check.',
    fix: [
      'Say its port in the file: port: 3000.',
      'Or let it listen on the port that the variable PORT says.',
    ],
  },
  'uses-not-ready': {
    title: 'it waits for a component that it uses',
    why: 'What it uses is not ready, so what it does meanwhile is not counted: its restarts and the time of its checks begin when that is ready.',
    fix: ['Look at why the other component is not ready: its own cause stands beside it.'],
  },
  unschedulable: {
    title: 'no node takes it',
    why: 'An instance waits for a node with enough free CPU and memory, or that it may run on. The scheduler says why of each node (condition PodScheduled). It is waited for: a node may be added, or another instance may end. It fails when nothing happens for as long as its checks allow and 5 minutes.',
    fix: [
      'Lower resources, or have nodes added.',
      'Look at placement, and at taints of the nodes: kubectl describe nodes.',
    ],
  },
  quota: {
    title: "the namespace's quota has no room",
    why: 'A ResourceQuota refuses new instances (condition ReplicaFailure, or an event FailedCreate). It is waited for: another instance may end.',
    fix: [
      'Lower resources or the number of instances. A new release runs beside the old one for a while: it needs room for a quarter more.',
      'Have the quota raised: kubectl describe resourcequota.',
    ],
  },
  'limit-range': {
    title: 'an instance is larger or smaller than the namespace allows',
    why: 'A LimitRange of the namespace bounds what one instance may ask for. It fails at once.',
    fix: ['Set resources within it: kubectl describe limitrange.'],
  },
  'admission-refused': {
    title: "a rule of the cluster doesn't allow it",
    why: "A webhook, a policy or the namespace's pod security refuses the instances; the message has its name and its words. It fails at once.",
    fix: ['Do as its words say.', 'Ask those who made the rule for an exception.'],
  },
  'admission-unreachable': {
    title: "a rule of the cluster can't be asked",
    why: "A webhook that must say yes to new instances doesn't answer. It is waited for.",
    fix: ['This is the cluster, not the app: tell those who run the webhook that the message names.'],
  },
  'instances-refused': {
    title: 'the instances are refused',
    why: "The cluster doesn't take the instances (condition ReplicaFailure, or an event FailedCreate), for a reason that has no name here: its words stand in the message.",
    fix: ['Do as its words say.'],
  },
  'volume-not-bound': {
    title: "the volume isn't there yet",
    why: 'The PersistentVolumeClaim of an instance is not bound; the last event of it says what its provisioner says. It is waited for.',
    fix: [
      'Look at the storage class: kubectl get storageclass. Another one: volumes: {NAME: {storage_class: …}}.',
      'A class that only makes volumes in some zones needs a node there.',
    ],
  },
  'volume-not-mounted': {
    title: "a volume can't be mounted",
    why: 'The node tries again and again (event FailedMount). It is waited for.',
    fix: ['Look at the words of the message, and at the driver of the storage class.'],
  },
  'volume-not-attached': {
    title: "a volume can't be attached to the node",
    why: 'It may still be attached to another one, whose instance has not ended (event FailedAttachVolume). It is waited for.',
    fix: [
      'Wait until the old instance has ended.',
      'A volume of one instance can be on one node only: rollout: {strategy: recreate}.',
    ],
  },
  'init-failed': {
    title: 'what runs before the program failed',
    why: 'A container that prepares an instance (an init container) ended with an error, so the program was never started. Two restarts are forgiven.',
    fix: ['Read its last words below the message.'],
  },
  'object-deleted': {
    title: 'somebody deleted what was waited for',
    why: "A workload, a job or another object of this release was deleted while a command waited for it, and nobody made it again for 5 s. Kubernetes doesn't bring it back by itself. A job that has ended counts as ended, whoever removes it then (ttlSecondsAfterFinished).",
    fix: [
      'Run the same command again: it makes what is missing. After paas scale and paas restart, which make nothing, paas deploy does.',
      'Where the last good release came back by itself (exit code 5), that one runs until then.',
      "Find out who it was before it happens again: a person, or a tool that removes what it doesn't know. The cluster's audit log tells.",
    ],
  },
  'job-failed': {
    title: 'the job failed',
    why: 'Kubernetes calls it failed (condition Failed), and no instance says why: it ran too long, or its instances are gone.',
    fix: ['Look at its log: paas logs.'],
  },
  evicted: {
    title: 'its node put it out',
    why: 'The node ran short of memory or disk, or the instance wrote more to its disk than it may (its phase is Failed, the reason Evicted). Another takes its place; when that is put out too, it has failed.',
    fix: [
      'Write less to the container, or to a volume; raise resources: {disk: …}.',
      'Ask for as much memory as it uses: resources: {memory: …}.',
    ],
  },
  'node-trouble': {
    title: "the node can't start it",
    why: "Its sandbox can't be made (event FailedCreatePodSandBox), the node does not answer (NodeNotReady), or it does not take the instance after all. It is waited for.",
    fix: ['This is the cluster, not the app: tell those who run it what the message says.'],
  },
  'object-not-ready': {
    title: "something that it needs isn't ready",
    why: 'An object that is neither a workload nor a job, such as a certificate, says by its conditions (Ready, Available, Programmed …) that it does not work yet. It is waited for while anything changes, and 5 minutes more. Objects on which nobody says anything within 5 seconds are not waited for.',
    fix: [
      'Do as its words say; kubectl describe shows more.',
      'Look at the program in the cluster that is responsible for it.',
    ],
  },
  'object-refused': {
    title: "something that it needs can't be made",
    why: 'The program that is responsible for an object says that it gives up on it (condition Stalled, or Accepted and ResolvedRefs of a Gateway being False). It fails when that has been said for 5 seconds.',
    fix: ['Do as its words say; kubectl describe shows more.'],
  },
  'object-unnoticed': {
    title: 'nobody takes care of an object',
    why: 'A Gateway was made, and within 5 seconds no controller has taken it. This is said, and the deploy goes on.',
    fix: ['Look at its class: kubectl get gatewayclasses.'],
  },
  'route-refused': {
    title: "the gateway doesn't take the route",
    why: 'The controller of the Gateway API says so of an HTTPRoute (conditions Accepted and ResolvedRefs of its parent): no listener has this host name, the namespace is not allowed there, or what the route leads to is not there. It fails when that has been said for 5 seconds.',
    fix: [
      "Look at the host of routes, and at the listeners of the gateway: their hostname, and allowedRoutes for the app's namespace.",
      'The platform team names gateway and listeners by routing in platform.yaml.',
    ],
  },
  'route-unnoticed': {
    title: 'nobody says that the gateway takes the route',
    why: 'An HTTPRoute was applied, and within 5 seconds no controller has said anything of it: the gateway that routing in platform.yaml names may not be there. This is said, and the deploy goes on.',
    fix: ['Look whether the gateway is there: kubectl get gateways -A.'],
  },
  'no-address': {
    title: 'a Service has no address from outside',
    why: 'It is of the type LoadBalancer, and the cluster has given it no address yet (status.loadBalancer). It is waited for as long as anything happens, and 5 minutes more.',
    fix: [
      'Not every cluster gives addresses: on machines of your own something like MetalLB has to.',
      'Use routes, or node_port.',
    ],
  },
};
