/**
 * Field numbers of the messages that clients send as protobuf, from the published `.proto` files of
 * the Kubernetes API. A field is `name=number:type`; types are s (text), i (number), b (boolean),
 * B (bytes), time, intstr, quantity or a message; `[]` repeats, `{}` maps texts to it, and a field
 * with `~` stands for its members.
 */
export const MESSAGE_FIELDS = `
ObjectMeta: name=1:s generateName=2:s namespace=3:s uid=5:s resourceVersion=6:s generation=7:i
  creationTimestamp=8:time deletionTimestamp=9:time deletionGracePeriodSeconds=10:i labels=11:s{}
  annotations=12:s{} ownerReferences=13:OwnerReference[] finalizers=14:s[]
OwnerReference: apiVersion=5:s kind=1:s name=3:s uid=4:s controller=6:b blockOwnerDeletion=7:b
LabelSelector: matchLabels=1:s{} matchExpressions=2:LabelSelectorRequirement[]
LabelSelectorRequirement: key=1:s operator=2:s values=3:s[]
DeleteOptions: gracePeriodSeconds=1:i preconditions=2:Preconditions orphanDependents=3:b
  propagationPolicy=4:s dryRun=5:s[]
Preconditions: uid=1:s resourceVersion=2:s
Namespace: metadata=1:ObjectMeta spec=2:NamespaceSpec
NamespaceSpec: finalizers=1:s[]
ConfigMap: metadata=1:ObjectMeta immutable=4:b data=2:s{} binaryData=3:B{}
Secret: metadata=1:ObjectMeta immutable=5:b data=2:B{} stringData=4:s{} type=3:s
ServiceAccount: metadata=1:ObjectMeta secrets=2:ObjectReference[]
  imagePullSecrets=3:LocalObjectReference[] automountServiceAccountToken=4:b
LocalObjectReference: name=1:s
ObjectReference: kind=1:s namespace=2:s name=3:s uid=4:s apiVersion=5:s resourceVersion=6:s
  fieldPath=7:s
Service: metadata=1:ObjectMeta spec=2:ServiceSpec
ServiceSpec: ports=1:ServicePort[] selector=2:s{} clusterIP=3:s clusterIPs=18:s[] type=4:s
  externalIPs=5:s[] sessionAffinity=7:s loadBalancerIP=8:s loadBalancerSourceRanges=9:s[]
  externalName=10:s externalTrafficPolicy=11:s healthCheckNodePort=12:i
  publishNotReadyAddresses=13:b sessionAffinityConfig=14:SessionAffinityConfig ipFamilies=19:s[]
  ipFamilyPolicy=17:s allocateLoadBalancerNodePorts=20:b loadBalancerClass=21:s
  internalTrafficPolicy=22:s trafficDistribution=23:s
ServicePort: name=1:s protocol=2:s appProtocol=6:s port=3:i targetPort=4:intstr nodePort=5:i
SessionAffinityConfig: clientIP=1:ClientIPConfig
ClientIPConfig: timeoutSeconds=1:i
Pod: metadata=1:ObjectMeta spec=2:PodSpec
PodTemplateSpec: metadata=1:ObjectMeta spec=2:PodSpec
PodSpec: volumes=1:Volume[] initContainers=20:Container[] containers=2:Container[]
  restartPolicy=3:s terminationGracePeriodSeconds=4:i activeDeadlineSeconds=5:i dnsPolicy=6:s
  nodeSelector=7:s{} serviceAccountName=8:s automountServiceAccountToken=21:b nodeName=10:s
  hostNetwork=11:b shareProcessNamespace=27:b imagePullSecrets=15:LocalObjectReference[]
  hostname=16:s subdomain=17:s schedulerName=19:s tolerations=22:Toleration[]
  priorityClassName=24:s priority=25:i runtimeClassName=29:s enableServiceLinks=30:b
  preemptionPolicy=31:s overhead=32:quantity{} hostUsers=37:b resources=40:ResourceRequirements
Container: name=1:s image=2:s command=3:s[] args=4:s[] workingDir=5:s ports=6:ContainerPort[]
  envFrom=19:EnvFromSource[] env=7:EnvVar[] resources=8:ResourceRequirements restartPolicy=24:s
  volumeMounts=9:VolumeMount[] livenessProbe=10:Probe readinessProbe=11:Probe
  startupProbe=22:Probe terminationMessagePath=13:s terminationMessagePolicy=20:s
  imagePullPolicy=14:s stdin=16:b stdinOnce=17:b tty=18:b
ContainerPort: name=1:s hostPort=2:i containerPort=3:i protocol=4:s hostIP=5:s
EnvVar: name=1:s value=2:s valueFrom=3:EnvVarSource
EnvVarSource: fieldRef=1:ObjectFieldSelector configMapKeyRef=3:ConfigMapKeySelector
  secretKeyRef=4:SecretKeySelector
ObjectFieldSelector: apiVersion=1:s fieldPath=2:s
ConfigMapKeySelector: ~localObjectReference=1:LocalObjectReference key=2:s optional=3:b
SecretKeySelector: ~localObjectReference=1:LocalObjectReference key=2:s optional=3:b
EnvFromSource: prefix=1:s configMapRef=2:ConfigMapEnvSource secretRef=3:SecretEnvSource
ConfigMapEnvSource: ~localObjectReference=1:LocalObjectReference optional=2:b
SecretEnvSource: ~localObjectReference=1:LocalObjectReference optional=2:b
ResourceRequirements: limits=1:quantity{} requests=2:quantity{}
VolumeMount: name=1:s readOnly=2:b recursiveReadOnly=7:s mountPath=3:s subPath=4:s
  mountPropagation=5:s subPathExpr=6:s
Probe: ~handler=1:ProbeHandler initialDelaySeconds=2:i timeoutSeconds=3:i periodSeconds=4:i
  successThreshold=5:i failureThreshold=6:i terminationGracePeriodSeconds=7:i
ProbeHandler: exec=1:ExecAction httpGet=2:HTTPGetAction tcpSocket=3:TCPSocketAction
HTTPGetAction: path=1:s port=2:intstr host=3:s scheme=4:s
TCPSocketAction: port=1:intstr host=2:s
ExecAction: command=1:s[]
Toleration: key=1:s operator=2:s value=3:s effect=4:s tolerationSeconds=5:i
Volume: name=1:s ~volumeSource=2:VolumeSource
VolumeSource: hostPath=1:HostPathVolumeSource emptyDir=2:EmptyDirVolumeSource
  secret=6:SecretVolumeSource configMap=19:ConfigMapVolumeSource
EmptyDirVolumeSource: medium=1:s sizeLimit=2:quantity
ConfigMapVolumeSource: ~localObjectReference=1:LocalObjectReference items=2:KeyToPath[]
  defaultMode=3:i optional=4:b
SecretVolumeSource: secretName=1:s items=2:KeyToPath[] defaultMode=3:i optional=4:b
HostPathVolumeSource: path=1:s type=2:s
KeyToPath: key=1:s path=2:s mode=3:i
Deployment: metadata=1:ObjectMeta spec=2:DeploymentSpec
DeploymentSpec: replicas=1:i selector=2:LabelSelector template=3:PodTemplateSpec
  strategy=4:DeploymentStrategy minReadySeconds=5:i revisionHistoryLimit=6:i paused=7:b
  progressDeadlineSeconds=9:i
DeploymentStrategy: type=1:s rollingUpdate=2:RollingUpdateDeployment
RollingUpdateDeployment: maxUnavailable=1:intstr maxSurge=2:intstr
ReplicaSet: metadata=1:ObjectMeta spec=2:ReplicaSetSpec
ReplicaSetSpec: replicas=1:i minReadySeconds=4:i selector=2:LabelSelector
  template=3:PodTemplateSpec
Scale: metadata=1:ObjectMeta spec=2:ScaleSpec
ScaleSpec: replicas=1:i
Binding: metadata=1:ObjectMeta target=2:ObjectReference
Ingress: metadata=1:ObjectMeta spec=2:IngressSpec
IngressSpec: ingressClassName=4:s defaultBackend=1:IngressBackend tls=2:IngressTLS[]
  rules=3:IngressRule[]
IngressRule: host=1:s ~ingressRuleValue=2:IngressRuleValue
IngressRuleValue: http=1:HTTPIngressRuleValue
HTTPIngressRuleValue: paths=1:HTTPIngressPath[]
HTTPIngressPath: path=1:s pathType=3:s backend=2:IngressBackend
IngressBackend: service=4:IngressServiceBackend
IngressServiceBackend: name=1:s port=2:ServiceBackendPort
ServiceBackendPort: name=1:s number=2:i
IngressTLS: hosts=1:s[] secretName=2:s
`;
