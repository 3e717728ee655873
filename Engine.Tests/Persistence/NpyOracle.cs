using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;

namespace Engine.Tests.Persistence;

/// <summary>
/// A second reader of .npy, written for nothing but to be plainly right: a pattern for the header, one element at a time.
/// </summary>
internal static partial class NpyOracle
{
    /// <summary>The elements in row-major order; null if the file is malformed.</summary>
    public static (BigInteger[] Shape, double[] Elements)? Read(byte[] file)
    {
        if (file.Length < 12 || !file.AsSpan(0, 6).SequenceEqual((byte[])[0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'])
            || file[6] is 0 or > 3 || file[7] != 0)
        {
            return null;
        }
        int start = file[6] == 1 ? 10 : 12;
        long length = file[6] == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(8)) : BinaryPrimitives.ReadUInt32LittleEndian(
            file.AsSpan(8));
        if (length > 10_000 || start + length > file.Length)
        {
            return null;
        }
        Match header = Header().Match(Encoding.Latin1.GetString(file, start, (int)length));
        CaptureCollection keys = header.Groups["key"].Captures;
        if (!header.Success || keys.Count != 3 || keys.Select(static key => key.Value).Distinct().Count() != 3)
        {
            return null;
        }
        Match type = Type().Match(header.Groups["type"].Value);
        if (!type.Success)
        {
            return null;
        }
        BigInteger[] shape = [
            .. Digits().Matches(header.Groups["shape"].Value).Select(static m => BigInteger.Parse(m.Value, CultureInfo.InvariantCulture))];
        int size = type.Groups["size"].Value[0] - '0';
        BigInteger all = shape.Aggregate((BigInteger)size, static (product, extent) => product * BigInteger.Max(extent, 1));
        BigInteger count = shape.Contains(BigInteger.Zero) ? 0 : all / size;
        if (all > long.MaxValue || shape.Any(static extent => extent > long.MaxValue) || start + length + count * size != file.Length)
        {
            return null;
        }
        return (shape, Elements(file.AsSpan(start + (int)length), type, size, header.Groups["order"].Value == "True", shape, (int)count));
    }

    private static double[] Elements(ReadOnlySpan<byte> data, Match type, int size, bool isColumnMajor, BigInteger[] shape, int count)
    {
        double[] elements = new double[count];
        for (int i = 0; i < count; i++)
        {
            int place = i;
            if (isColumnMajor)
            {
                int rest = i, stride = 1;
                place = 0;
                int[] indices = new int[shape.Length];
                for (int axis = shape.Length - 1; axis >= 0; axis--)
                {
                    (rest, indices[axis]) = Math.DivRem(rest, (int)shape[axis]);
                }
                for (int axis = 0; axis < shape.Length; axis++)
                {
                    place += indices[axis] * stride;
                    stride *= (int)shape[axis];
                }
            }
            byte[] bytes = data.Slice(place * size, size).ToArray();
            if (type.Groups["order"].Value == ">")
            {
                Array.Reverse(bytes);
            }
            elements[i] = Value($"{type.Groups["kind"].Value}{size}", bytes);
        }
        return elements;
    }

    private static double Value(string type, byte[] bytes) => type switch
    {
        "b1" => bytes[0] == 0 ? 0 : 1,
        "i1" => (sbyte)bytes[0],
        "u1" => bytes[0],
        "i2" => BitConverter.ToInt16(bytes),
        "u2" => BitConverter.ToUInt16(bytes),
        "f2" => (double)BitConverter.ToHalf(bytes),
        "i4" => BitConverter.ToInt32(bytes),
        "u4" => BitConverter.ToUInt32(bytes),
        "f4" => BitConverter.ToSingle(bytes),
        "i8" => BitConverter.ToInt64(bytes),
        "u8" => BitConverter.ToUInt64(bytes),
        _ => BitConverter.ToDouble(bytes),
    };

    [GeneratedRegex(
        @"^[ \t\r\n]*\{[ \t\r\n]*(?:(?:(?<q>['""])(?<key>descr)\k<q>[ \t\r\n]*:[ \t\r\n]*(?<t>['""])(?<type>(?:(?!\k<t>)[ -\[\]-~])*)\k<t>"
        + @"|(?<q>['""])(?<key>fortran_order)\k<q>[ \t\r\n]*:[ \t\r\n]*(?<order>True|False)"
        + @"|(?<q>['""])(?<key>shape)\k<q>[ \t\r\n]*:[ \t\r\n]*\([ \t\r\n]*"
        + @"(?<shape>(?:(?:(?:0|[1-9][0-9]*)L?[ \t\r\n]*,[ \t\r\n]*)+(?:(?:0|[1-9][0-9]*)L?[ \t\r\n]*)?)?)\))"
        + @"[ \t\r\n]*(?:,[ \t\r\n]*|(?=\})))*\}[ \t\r\n]*\z")]
    private static partial Regex Header();

    [GeneratedRegex(
        @"^(?:(?<order>[<>])(?<kind>f)(?<size>[248])|"
        + @"(?<order>[<>])(?<kind>[iu])(?<size>[1248])|(?<order>[<>|])(?<kind>[iub])(?<size>1))\z")]
    private static partial Regex Type();

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Digits();
}
