using System.Globalization;

namespace OrleansEdge.Tests.Hosting;

/// <summary>The files of deploy/ agree with the programs that they start, and with each other.</summary>
public sealed class DeploymentTests
{
    private const string Variable = @"\b(OE_[A-Z_]+)\b(?=[:,}])";

    private static readonly string[] Manifests =
        [.. Directory.GetFiles(Path.Combine(DeploymentFiles.Root, "deploy", "kubernetes"), "*.yaml", SearchOption.AllDirectories)];

    [Fact]
    public void Every_variable_of_a_silo_is_one_that_it_reads()
    {
        var set = DeploymentFiles.All(DeploymentFiles.Silo, @"name: (OE_[A-Z_]+)");
        Assert.True(set.Length > 10);
        Assert.All(set, name => Assert.Contains(name, DeploymentFiles.SiloVariables));
        Assert.All(Variables(DeploymentFiles.Compose[..DeploymentFiles.Compose.IndexOf("\n  oe:", StringComparison.Ordinal)]),
            name => Assert.Contains(name, DeploymentFiles.SiloVariables));
    }

    [Fact]
    public void Every_variable_of_the_client_is_one_that_it_reads() => Assert.All(
        Variables(DeploymentFiles.Compose[DeploymentFiles.Compose.IndexOf("\n  oe:", StringComparison.Ordinal)..]),
        name => Assert.Contains(name, DeploymentFiles.ClientVariables));

    [Fact]
    public void Probes_ask_endpoints_that_there_are()
    {
        var endpoints = DeploymentFiles.All(DeploymentFiles.Read("Silo/Host/Observability/WebEndpoints.cs"), """MapGet\("([a-z/]+)""");
        var probes = DeploymentFiles.All(DeploymentFiles.Silo, "httpGet: {path: ([a-z/]+),");
        Assert.Equal(["/health/startup", "/health/ready", "/health/live"], probes);
        Assert.All(probes, path => Assert.Contains(path, endpoints));
        var scheme = DeploymentFiles.One(DeploymentFiles.Silo, @"OE_WEB_URL, value: ""(\w+)://").ToUpperInvariant();
        Assert.All(DeploymentFiles.All(DeploymentFiles.Silo, @"httpGet: .*scheme: (\w+)"), probe => Assert.Equal(scheme, probe));
    }

    [Fact]
    public void Ports_are_those_that_a_silo_listens_on()
    {
        var options = DeploymentFiles.Read("Silo/Host/SiloOptions.cs");
        string[] ports =
        [
            DeploymentFiles.One(options, @"int SiloPort .*= (\d+);"), DeploymentFiles.One(options, @"int GatewayPort .*= (\d+);"),
            DeploymentFiles.One(DeploymentFiles.Silo, @"OE_WEB_URL, value: ""https://0\.0\.0\.0:(\d+)"""),
        ];
        Assert.Equal(ports, DeploymentFiles.All(DeploymentFiles.Silo, @"containerPort: (\d+)"));
        Assert.Equal(ports, DeploymentFiles.One(DeploymentFiles.Read("deploy/Dockerfile.silo"), @"^EXPOSE ([\d ]+)$").Split(' '));
        var services = DeploymentFiles.Read("deploy/kubernetes/common/services.yaml");
        Assert.Equal(ports, DeploymentFiles.All(services, @" port: (\d+)"));
        var names = DeploymentFiles.All(DeploymentFiles.Silo, @"- {name: (\w+), containerPort");
        Assert.All(DeploymentFiles.All(services, @"targetPort: (\w+)"), name => Assert.Contains(name, names));
        var policy = DeploymentFiles.Read("deploy/kubernetes/common/networkpolicy.yaml");
        Assert.Equal(["silo", "gateway", "web"], DeploymentFiles.All(policy, @"- {port: ([a-z]+)}"));
        Assert.Contains($"- {{port: {ports[0]}}}", policy, StringComparison.Ordinal);
    }

    [Fact]
    public void Secrets_are_named_where_one_reads_how_to_make_them()
    {
        var header = DeploymentFiles.Silo[..DeploymentFiles.Silo.IndexOf("apiVersion", StringComparison.Ordinal)];
        var secrets = DeploymentFiles.All(DeploymentFiles.Silo, @"secretKeyRef: {name: ([\w-]+)")
            .Concat(DeploymentFiles.All(DeploymentFiles.Silo, @"secretName: ([\w-]+)")).ToArray();
        Assert.Equal(3, secrets.Length);
        Assert.All(secrets, secret => Assert.Contains($"#   {secret} ", header, StringComparison.Ordinal));
        Assert.All(DeploymentFiles.All(DeploymentFiles.Silo, @"secretKeyRef: {.*key: ([\w-]+)"),
            key => Assert.Contains($"\"{key}\"", header, StringComparison.Ordinal));
        var declared = DeploymentFiles.All(DeploymentFiles.Compose, @"^  ([\w.]+): {file: \./secrets/\1}");
        var used = DeploymentFiles.All(DeploymentFiles.Compose, @"secrets: \[(.*)\]").SelectMany(list => list.Split(", ")).Distinct();
        Assert.Equal(declared.Order(StringComparer.Ordinal), used.Order(StringComparer.Ordinal));
        Assert.All(DeploymentFiles.All(DeploymentFiles.Compose, @"/run/secrets/([\w.]+)"), file => Assert.Contains(file, declared));
    }

    [Fact]
    public void A_silo_is_given_the_time_to_hand_its_grains_over()
    {
        const int Ending = 15; // SiloHost ends this long after the drain at the latest
        var drain = Number(DeploymentFiles.Silo, @"OE_DRAIN, value: ""(\d+)""");
        Assert.True(Number(DeploymentFiles.Silo, @"terminationGracePeriodSeconds: (\d+)") >= drain + Ending);
        var standard = Number(DeploymentFiles.Read("Silo/Host/SiloOptions.cs"), @"double DrainSeconds .*= (\d+);");
        Assert.True(Number(DeploymentFiles.Compose, @"stop_grace_period: (\d+)s") >= standard + Ending);
        Assert.Contains("maxUnavailable: 1",
            DeploymentFiles.Read("deploy/kubernetes/common/poddisruptionbudget.yaml"), StringComparison.Ordinal);
    }

    [Fact]
    public void Kustomizations_name_files_that_there_are()
    {
        var named = 0;
        foreach (var file in Manifests.Where(path => Path.GetFileName(path) == "kustomization.yaml"))
        {
            var text = File.ReadAllText(file);
            foreach (var resource in DeploymentFiles.All(text, @"^  - ([\w./-]+)$"))
            {
                var path = Path.Combine(Path.GetDirectoryName(file)!, resource);
                Assert.True(File.Exists(path) || File.Exists(Path.Combine(path, "kustomization.yaml")), $"{file}: {resource}");
                named++;
            }
        }
        Assert.True(named > 10);
    }

    [Fact]
    public void Selectors_and_labels_are_the_same_everywhere()
    {
        const string Labels = "{app.kubernetes.io/name: orleans-edge, app.kubernetes.io/component: silo}";
        var selecting = Manifests.SelectMany(path => DeploymentFiles.All(
            File.ReadAllText(path), @"({app\.kubernetes\.io/name.*})")).ToArray();
        Assert.True(selecting.Length >= 8);
        Assert.All(selecting, labels => Assert.Equal(Labels, labels));
    }

    [Theory]
    [InlineData("silo")]
    [InlineData("client")]
    public void A_Dockerfile_copies_what_its_project_refers_to(string program)
    {
        var docker = DeploymentFiles.Read($"deploy/Dockerfile.{program}");
        var copied = DeploymentFiles.All(docker, @"^COPY ([\w.]+)/ ").ToHashSet();
        var project = DeploymentFiles.One(docker, @"dotnet publish (\w+) ");
        foreach (var name in WithReferences(project))
        {
            Assert.Contains(name, copied);
        }
        var output = DeploymentFiles.One(DeploymentFiles.Read($"{project}/{project}.csproj"), "<AssemblyName>(.*)</AssemblyName>");
        Assert.EndsWith("/" + output, DeploymentFiles.One(docker, @"ENTRYPOINT \[""(.*)""\]"), StringComparison.Ordinal);
        Assert.Contains("-p:OrleansPackages=true", docker, StringComparison.Ordinal);
        Assert.Contains("USER $APP_UID", docker, StringComparison.Ordinal);
    }

    [Fact]
    public void Silos_run_with_no_more_rights_than_they_need()
    {
        foreach (var line in (string[])
            ["runAsNonRoot: true", "readOnlyRootFilesystem: true", "allowPrivilegeEscalation: false", "drop: [ALL]"])
        {
            Assert.Contains(line, DeploymentFiles.Silo, StringComparison.Ordinal);
        }
        Assert.Contains("read_only: true", DeploymentFiles.Compose, StringComparison.Ordinal);
        Assert.All(DeploymentFiles.All(DeploymentFiles.Compose, @"ports: \[""(.*)""\]"),
            port => Assert.StartsWith("127.0.0.1:", port, StringComparison.Ordinal));
    }

    /// <summary>
    /// A project and all that it refers to where there is Orleans; eng/ holds what stands in for it elsewhere.
    /// </summary>
    private static IEnumerable<string> WithReferences(string project) =>
        DeploymentFiles.All(DeploymentFiles.Read($"{project}/{project}.csproj"), @"Include=""\.\./([\w.]+)/")
            .Where(other => other != "eng").SelectMany(WithReferences).Prepend(project);

    private static IEnumerable<string> Variables(string compose) =>
        DeploymentFiles.All(compose, Variable).Where(name => name is not ("OE_DATA_FOLDER" or "OE_USER"));

    private static int Number(string text, string pattern) =>
        int.Parse(DeploymentFiles.One(text, pattern), CultureInfo.InvariantCulture);
}
