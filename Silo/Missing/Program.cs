Console.Error.WriteLine(
    "oe-silo: this build has no Orleans runtime (Microsoft.Orleans.Server 10.4.2 is not in the NuGet packages folder); " +
    "run 'dotnet restore eng/Orleans.proj' where the feed has it and build again");
return 69;
