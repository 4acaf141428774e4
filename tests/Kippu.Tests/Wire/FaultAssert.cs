using Kippu.Alerts;
using Xunit;

namespace Kippu.Tests.Wire;

internal static class FaultAssert
{
    /// <summary>The action raises exactly this fault of the peer; null means that it raises none.</summary>
    public static void Throws(TlsFault? expected, Action action)
    {
        var thrown = Record.Exception(action);
        if (expected is null)
        {
            Assert.Null(thrown);
            return;
        }

        var fault = Assert.IsType<TlsFaultException>(thrown);
        Assert.Equal(expected, fault.Fault);
    }
}
