/** What `berth dev` puts into its embedded cluster: a Deployment and a LoadBalancer Service. */
export const sampleDeployment = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace: "default", labels: { app: "web" } },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: "web" } },
    template: {
      metadata: { labels: { app: "web" } },
      spec: {
        containers: [{
          name: "web",
          image: "berth.dev/hello",
          ports: [{ name: "http", containerPort: 8080 }],
        }],
      },
    },
  },
};

/** Port 8080, so that nobody needs to be root to try it. */
export const sampleService = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "web", namespace: "default" },
  spec: {
    type: "LoadBalancer",
    selector: { app: "web" },
    ports: [{ name: "http", port: 8080, targetPort: "http" }],
  },
};
