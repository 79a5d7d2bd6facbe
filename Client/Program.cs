using OrleansEdge.Client.CommandLine;

var environment = ConsoleEnvironment.OfProcess();
AppDomain.CurrentDomain.UnhandledException += (_, failure) => Environment.Exit((int)Failures.Report(
    failure.ExceptionObject as Exception ?? new InvalidOperationException("not an exception"), environment, verbose: false));
using var signals = new StopSignals(TimeProvider.System);
return await ConsoleApplication.Run(args, environment, signals.Stop);
