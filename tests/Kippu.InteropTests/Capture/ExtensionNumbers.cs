namespace Kippu.InteropTests.Capture;

/// <summary>The extensions that the judges look for, by IANA's numbers.</summary>
internal static class ExtensionNumbers
{
    public const int Alpn = 16;

    public const int ExtendedMasterSecret = 23;

    public const int SessionTicket = 35;

    public const int PreSharedKey = 41;

    public const int EarlyData = 42;
}
