using System.Buffers.Binary;
using System.Numerics;

namespace Engine.Tests.Persistence;

/// <summary>Numbers of other types become float and double by IEEE 754's rounding to the nearest.</summary>
public sealed class ConversionTests
{
    /// <summary>
    /// Every pattern of a half, by the formula of its parts. Catches: subnormal numbers, infinities or signs that are lost.
    /// </summary>
    [Test]
    public void Every_half_is_exact() => CheckAll(DataType.Float16, static bits =>
    {
        int exponent = bits >> 10 & 31, mantissa = bits & 1023;
        double magnitude = exponent == 31 ? (mantissa == 0 ? double.PositiveInfinity : double.NaN)
            : exponent == 0 ? Math.ScaleB(mantissa, -24) : Math.ScaleB(1024 + mantissa, exponent - 25);
        return bits >> 15 == 0 ? magnitude : -magnitude;
    });

    /// <summary>Every pattern of a bfloat16, by the formula of its parts.</summary>
    [Test]
    public void Every_bfloat16_is_exact() => CheckAll(DataType.BFloat16, static bits =>
    {
        int exponent = bits >> 7 & 255, mantissa = bits & 127;
        double magnitude = exponent == 255 ? (mantissa == 0 ? double.PositiveInfinity : double.NaN)
            : exponent == 0 ? Math.ScaleB(mantissa, -133) : Math.ScaleB(128 + mantissa, exponent - 134);
        return bits >> 15 == 0 ? magnitude : -magnitude;
    });

    private static void CheckAll(DataType type, Func<int, double> expected)
    {
        byte[] bytes = new byte[2 << 16];
        for (int i = 0; i < 1 << 16; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(2 * i), (ushort)i);
        }
        double[] values = [.. Enumerable.Range(0, 1 << 16).Select(expected)];
        Check(Read<double>(type, bytes, 1 << 16));
        Check(Array.ConvertAll(Read<float>(type, bytes, 1 << 16), static x => (double)x)); // all of them are floats

        void Check(double[] read)
        {
            for (int i = 0; i < values.Length; i++)
            {
                // by the bits, for the sign of 0; of a NaN only that it is one
                bool isEqual = double.IsNaN(values[i])
                    ? double.IsNaN(read[i]) : BitConverter.DoubleToInt64Bits(read[i]) == BitConverter.DoubleToInt64Bits(values[i]);
                if (!isEqual)
                {
                    Assert.Fail($"{type} 0x{i:X4}: got {read[i]}, expected {values[i]}");
                }
            }
        }
    }

    private static IEnumerable<TestCaseData> Table()
    {
        yield return Row<double>([1 + Math.ScaleB(1, -24), 1 + 3 * Math.ScaleB(1, -24), 1e300, -1e300, 1e-46, -0.0, double.NaN, 0.1],
            [1, 1 + MathF.ScaleB(1, -22), float.PositiveInfinity, float.NegativeInfinity, 0, -0f, float.NaN, 0.1f]);
        yield return Row<float>([0.1f, float.Epsilon, float.NegativeInfinity, -0f], [0.1f, float.Epsilon, float.NegativeInfinity, -0f]);
        yield return Row<bool>([true, false], [1, 0]);
        yield return Row<byte>([0, 255], [0, 255]);
        yield return Row<sbyte>([-128, 127], [-128, 127]);
        yield return Row<short>([short.MinValue, short.MaxValue], [-32768, 32767]);
        yield return Row<ushort>([0, ushort.MaxValue], [0, 65535]);
        yield return Row<int>([int.MinValue, 16_777_217, 16_777_219, int.MaxValue], [-2147483648f, 16_777_216, 16_777_220, 2147483648f]);
        yield return Row<uint>([uint.MaxValue, 16_777_217], [4294967296f, 16_777_216]);
        // just above the middle of two floats: rounded by way of double, it would be the lower one
        yield return Row<long>(
            [long.MinValue, (1L << 53) + 1, 0x4000_0040_0000_0001, -1],
            [-9223372036854775808f, 9007199254740992f, 4611686568183201792f, -1]);
        yield return Row<ulong>([ulong.MaxValue, 0x8000_0080_0000_0001, 1], [18446744073709551616f, 9223373136366403584f, 1]);

        static TestCaseData Row<TElement>(TElement[] elements, float[] floats) where TElement : unmanaged =>
            new TestCaseData(TensorContent.From<TElement>(elements, [elements.Length]), floats).SetArgDisplayNames(typeof(TElement).Name);
    }

    /// <summary>Catches: truncation instead of rounding, rounding twice, whole numbers without their sign.</summary>
    [TestCaseSource(nameof(Table))]
    public void Numbers_round_to_the_nearest_float(TensorContent content, float[] expected)
    {
        using MemoryStream stream = new();
        Safetensors.Write(stream, new Dictionary<string, TensorContent> { ["x"] = content });
        stream.Position = 0;
        using SafetensorsFile file = Safetensors.Open(stream);
        float[] read = file.Read<float>("x").ToArray();
        Assert.That(read, Is.EqualTo(expected));
        Assert.That(read.Select(static x => 1 / x), Is.EqualTo(expected.Select(static x => 1 / x)), "NUnit takes −0 for 0");
    }

    /// <summary>Catches: whole numbers that lose more than double has no room for.</summary>
    [Test]
    public void Numbers_round_to_the_nearest_double()
    {
        byte[] whole = [
            .. BitConverter.GetBytes((1L << 53) + 1), .. BitConverter.GetBytes((1L << 53) + 3), .. BitConverter.GetBytes(long.MaxValue)];
        Assert.That(
            Read<double>(DataType.Int64, whole, 3), Is.EqualTo((double[])[9007199254740992, 9007199254740996, 9223372036854775808]));
        byte[] unsigned = [.. BitConverter.GetBytes(ulong.MaxValue), .. BitConverter.GetBytes((1UL << 63) + 1025)];
        Assert.That(Read<double>(DataType.UInt64, unsigned, 2), Is.EqualTo((double[])[18446744073709551616d, 9223372036854777856d]));
        Assert.That(Read<double>(DataType.Float32, BitConverter.GetBytes(0.1f), 1), Is.EqualTo((double[])[0.1f]));
        Assert.That(Read<double>(DataType.Bool, [2, 0, 255], 3), Is.EqualTo((double[])[1, 0, 1]));
    }

    /// <summary>More elements than a chunk has. Catches: a chunk that begins at the wrong byte, or is put into the wrong place.</summary>
    [Test]
    public void Long_tensors_are_converted_whole()
    {
        double[] values = [.. Enumerable.Range(0, 10_001).Select(static i => i * 0.37)];
        byte[] bytes = [.. values.SelectMany(BitConverter.GetBytes)];
        Assert.That(Read<float>(DataType.Float64, bytes, values.Length), Is.EqualTo(Array.ConvertAll(values, static x => (float)x)));
    }

    /// <summary>A machine whose memory has the other order. Catches: bytes that are written as they stand there.</summary>
    [Test]
    public void Bytes_are_written_in_the_order_of_the_file()
    {
        foreach (int length in (int[])[0, 1, 2047, 2048, 5000])
        {
            double[] values = [.. Enumerable.Range(0, length).Select(static i => i + 0.5)];
            using MemoryStream stream = new();
            ElementWriter.Write<double>(
                stream,
                Array.ConvertAll(values, static x =>
                    BitConverter.Int64BitsToDouble(BinaryPrimitives.ReverseEndianness(BitConverter.DoubleToInt64Bits(x)))),
                ByteOrders.OfThisMachine == ByteOrder.LittleEndian ? ByteOrder.BigEndian : ByteOrder.LittleEndian);
            Assert.That(stream.ToArray(), Is.EqualTo(values.SelectMany(BitConverter.GetBytes)));
        }
    }

    private static T[] Read<T>(DataType type, byte[] bytes, int length) where T : unmanaged, IFloatingPointIeee754<T>
    {
        using SafetensorsFile file = SafetensorsBytes.Open(SafetensorsBytes.Written(new Dictionary<string, TensorContent>
        {
            ["x"] = TensorContent.FromBytes(type, bytes, [length]),
        }));
        return file.Read<T>("x").ToArray();
    }
}
