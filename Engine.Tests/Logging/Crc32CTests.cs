using Engine.Formats;

namespace Engine.Tests.Logging;

/// <summary>The checksums of records, against published values.</summary>
public sealed class Crc32CTests
{
    /// <summary>Catches: another polynomial, order of bits, start or end; eight bytes the wrong way round (RFC 3720, B.4).</summary>
    [TestCase("313233343536373839", 0xE3069283u)]
    [TestCase("61626364", 0x92C80A31u)]
    [TestCase("0000000000000000000000000000000000000000000000000000000000000000", 0x8A9136AAu)]
    [TestCase("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF", 0x62A8AB43u)]
    [TestCase("000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F", 0x46DD794Eu)]
    [TestCase("1F1E1D1C1B1A191817161514131211100F0E0D0C0B0A09080706050403020100", 0x113FDB5Cu)]
    public void It_is_the_published_checksum(string bytes, uint checksum) =>
        Assert.That(Crc32C.Of(Convert.FromHexString(bytes)), Is.EqualTo(checksum));

    /// <summary>Catches: a mask that rotates the other way, or another constant.</summary>
    [TestCase("", 0xA282EAD8u)]
    [TestCase("0000000000000000", 0x07980329u)]
    [TestCase("1800000000000000", 0x224B7FA3u)]
    [TestCase("1A1143524320746573742C206F6E652074776F", 0x5794D08Au)]
    public void The_mask_is_that_of_record_files(string bytes, uint masked) =>
        Assert.That(Crc32C.Masked(Convert.FromHexString(bytes)), Is.EqualTo(masked));
}
