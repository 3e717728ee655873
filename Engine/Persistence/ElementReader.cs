using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Engine;

/// <summary>
/// Reads the elements of a tensor: straight into the destination where the bytes are what the machine computes with, else by chunks that
/// are converted.
/// </summary>
internal static class ElementReader
{
    /// <summary>
    /// A multiple of the size of all elements; small enough for the stack, and large enough that a call to read it is cheap.
    /// </summary>
    private const int ChunkBytes = 16 << 10;

    /// <summary>The bytes of one call, of which a span can have 2³¹ − 1.</summary>
    private const int PieceBytes = 1 << 28;

    /// <summary>
    /// Throws unless elements of a type can be read as <typeparamref name="TElement"/>: float and double from all numbers, rounded to the
    /// nearest, ties to even; every other type from itself alone.
    /// </summary>
    /// <exception cref="NotSupportedException">They cannot.</exception>
    public static void CheckConverts<TElement>(DataType from, string operation, string name) where TElement : unmanaged
    {
        DataType to = DataTypes.Of<TElement>();
        bool converts = to is DataType.Float32 or DataType.Float64 ? from.IsNumber : from == to;
        if (!converts)
        {
            throw new NotSupportedException(
                $"{operation}: got elements of the type {from} in '{name}', expected "
                    + (to is DataType.Float32 or DataType.Float64
                        ? $"numbers that convert to {typeof(TElement).Name}." : $"{to} to be read as {typeof(TElement).Name}."));
        }
    }

    /// <summary>Reads elements one after the other, of a type that <see cref="CheckConverts"/> admits.</summary>
    public static void Read<TElement>(ByteSource source, long offset, DataType type, ByteOrder order, Span<TElement> destination)
        where TElement : unmanaged
    {
        if (order == ByteOrders.OfThisMachine && type == DataTypes.Of<TElement>() && type != DataType.Bool)
        {
            for (int piece = PieceBytes / Unsafe.SizeOf<TElement>(); destination.Length > 0;)
            {
                Span<TElement> part = destination[..Math.Min(piece, destination.Length)];
                source.Read(offset, MemoryMarshal.AsBytes(part));
                offset += (long)part.Length * Unsafe.SizeOf<TElement>();
                destination = destination[part.Length..];
            }
            return;
        }
        int size = type.Bits / 8;
        Span<byte> chunk = stackalloc byte[ChunkBytes];
        while (destination.Length > 0)
        {
            int count = Math.Min(ChunkBytes / size, destination.Length);
            Span<byte> bytes = chunk[..(count * size)];
            source.Read(offset, bytes);
            if (order != ByteOrders.OfThisMachine)
            {
                ByteOrders.Reverse(bytes, size);
            }
            Convert(type, bytes, destination[..count]);
            offset += bytes.Length;
            destination = destination[count..];
        }
    }

    /// <summary>Converts elements in the byte order of the machine.</summary>
    private static void Convert<TElement>(DataType type, ReadOnlySpan<byte> bytes, Span<TElement> destination) where TElement : unmanaged
    {
        if (typeof(TElement) == typeof(float))
        {
            ToFloat(type, bytes, MemoryMarshal.Cast<TElement, float>(destination));
        }
        else if (typeof(TElement) == typeof(double))
        {
            ToFloat(type, bytes, MemoryMarshal.Cast<TElement, double>(destination));
        }
        else if (typeof(TElement) == typeof(bool))
        {
            // a bool that is neither 0 nor 1 is unequal to true
            ToBool(bytes, MemoryMarshal.AsBytes(destination));
        }
        else
        {
            bytes.CopyTo(MemoryMarshal.AsBytes(destination));
        }
    }

    private static void ToBool(ReadOnlySpan<byte> bytes, Span<byte> destination)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            destination[i] = bytes[i] == 0 ? (byte)0 : (byte)1;
        }
    }

    private static void ToFloat<T>(DataType type, ReadOnlySpan<byte> bytes, Span<T> destination)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        switch (type)
        {
            case DataType.Bool:
                for (int i = 0; i < bytes.Length; i++)
                {
                    destination[i] = bytes[i] == 0 ? T.Zero : T.One;
                }
                break;
            case DataType.BFloat16:
                ReadOnlySpan<ushort> upper = MemoryMarshal.Cast<byte, ushort>(bytes);
                for (int i = 0; i < upper.Length; i++)
                {
                    destination[i] = T.CreateTruncating(BitConverter.UInt32BitsToSingle((uint)upper[i] << 16));
                }
                break;
            case DataType.UInt8: From<byte>(bytes, destination); break;
            case DataType.Int8: From<sbyte>(bytes, destination); break;
            case DataType.Int16: From<short>(bytes, destination); break;
            case DataType.UInt16: From<ushort>(bytes, destination); break;
            case DataType.Float16: From<Half>(bytes, destination); break;
            case DataType.Int32: From<int>(bytes, destination); break;
            case DataType.UInt32: From<uint>(bytes, destination); break;
            case DataType.Float32: From<float>(bytes, destination); break;
            case DataType.Float64: From<double>(bytes, destination); break;
            case DataType.Int64: From<long>(bytes, destination); break;
            case DataType.UInt64: From<ulong>(bytes, destination); break;
            default: throw new NotSupportedException($"ElementReader: got elements of the type {type}, expected numbers.");
        }

        static void From<TNumber>(ReadOnlySpan<byte> bytes, Span<T> destination) where TNumber : unmanaged, INumberBase<TNumber> =>
            TensorPrimitives.ConvertTruncating(MemoryMarshal.Cast<byte, TNumber>(bytes), destination);
    }
}
