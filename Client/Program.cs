using System.Runtime.InteropServices;
using OrleansEdge.Client.CommandLine;

// The first Ctrl+C (or SIGTERM) asks the command to finish cleanly; the second one ends the process.
using var stop = new CancellationTokenSource();
void AskToStop(PosixSignalContext signal)
{
    signal.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
}
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, AskToStop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, AskToStop);
return await ConsoleApplication.Run(args, ConsoleEnvironment.OfProcess(), stop.Token);
