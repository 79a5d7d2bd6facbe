using OrleansEdge.Core;
using OrleansEdge.Silo;

if (args.Contains("--help"))
{
    Console.Out.Write(SiloSettings.Help);
    return (int)ExitCode.Success;
}
try
{
    var options = SiloSettings.Read(args, Environment.GetEnvironmentVariable);
    await using var silo = await SiloHost.BuildAsync(options);
    await silo.RunAsync();
    return (int)ExitCode.Success;
}
catch (Exception failure)
{
    var (exitCode, line) = StartFailure.Explain(failure);
    Console.Error.WriteLine("oe-silo: " + line);
    return (int)exitCode;
}
