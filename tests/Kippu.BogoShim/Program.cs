using Kippu.BogoShim;

// BoringSSL's runner starts this program once for each test. Exit codes: 0 success; 1 the connection failed, or was not what the test expects, with the
// reason on stderr; 89 the test asks for something that Kippu does not have; 90 a fault of the shim or of the library that no peer should be able to cause.
if (args.Contains("-is-handshaker-supported"))
{
    Console.WriteLine("No");
    return 0;
}

try
{
    Shim.Run(ShimArguments.Parse(args));
    return 0;
}
catch (UnimplementedException reason)
{
    Console.Out.WriteLine(reason.Message);
    return 89;
}
catch (ShimFailure failure)
{
    Console.Error.WriteLine(failure.Message);
    return 1;
}
#pragma warning disable CA1031 // Whatever else comes is a bug: 90 fails the test whatever it expects.
catch (Exception bug)
{
    Console.Error.WriteLine(bug);
    return 90;
}
#pragma warning restore CA1031
