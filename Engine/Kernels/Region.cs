using System.Numerics;
using System.Numerics.Tensors;

namespace Engine.Kernels;

/// <summary>
/// A region of an array of up to six axes: along each axis as many elements as the region's extent, from a start on, a step apart. The
/// region's elements are also a dense array, its copy.
/// </summary>
internal static unsafe class Region
{
    /// <summary>copy ← the region of <paramref name="whole"/>.</summary>
    public static void Read<T>(
        ReadOnlySpan<T> whole, ReadOnlySpan<int> extents, ReadOnlySpan<int> starts, ReadOnlySpan<int> steps, Span<T> copy,
        ReadOnlySpan<int> region) where T : unmanaged, IFloatingPointIeee754<T>
    {
        fixed (T* w = whole, c = copy)
        {
            Visit<Reading<T>, T>(w, extents, starts, steps, c, region);
        }
    }

    /// <summary>The region of <paramref name="whole"/> ← copy.</summary>
    public static void Write<T>(
        Span<T> whole, ReadOnlySpan<int> extents, ReadOnlySpan<int> starts, ReadOnlySpan<int> steps, ReadOnlySpan<T> copy,
        ReadOnlySpan<int> region) where T : unmanaged, IFloatingPointIeee754<T>
    {
        fixed (T* w = whole, c = copy)
        {
            Visit<Writing<T>, T>(w, extents, starts, steps, c, region);
        }
    }

    /// <summary>The region of <paramref name="whole"/> is increased by the copy.</summary>
    public static void Add<T>(
        Span<T> whole, ReadOnlySpan<int> extents, ReadOnlySpan<int> starts, ReadOnlySpan<int> steps, ReadOnlySpan<T> copy,
        ReadOnlySpan<int> region) where T : unmanaged, IFloatingPointIeee754<T>
    {
        fixed (T* w = whole, c = copy)
        {
            Visit<Adding<T>, T>(w, extents, starts, steps, c, region);
        }
    }

    /// <summary>Visits the region in runs that are as long as possible.</summary>
    private static void Visit<TTransfer, T>(
        T* whole, ReadOnlySpan<int> extents, ReadOnlySpan<int> starts, ReadOnlySpan<int> steps, T* copy, ReadOnlySpan<int> region)
        where TTransfer : struct, ITransfer<T> where T : unmanaged
    {
        if (region.Contains(0))
        {
            return;
        }
        // trailing axes that are taken whole are one run, and so is a range of the axis before them
        int outer = region.Length, run = 1;
        nint step = 1, stride = 1, position = 0;
        while (outer > 0 && steps[outer - 1] == 1 && region[outer - 1] == extents[outer - 1])
        {
            run *= region[--outer];
            stride = run;
        }
        if (outer > 0 && (steps[outer - 1] == 1 || run == 1))
        {
            outer--;
            position = starts[outer] * stride;
            step = steps[outer];
            stride *= extents[outer];
            run *= region[outer];
        }
        Span<nint> strides = stackalloc nint[outer];
        Span<int> counters = stackalloc int[outer];
        for (int axis = outer - 1; axis >= 0; axis--)
        {
            position += starts[axis] * stride;
            strides[axis] = steps[axis] * stride;
            stride *= extents[axis];
        }
        counters.Clear();
        while (true)
        {
            TTransfer.Run(whole + position, step, copy, run);
            copy += run;
            int axis = outer - 1;
            for (; axis >= 0 && ++counters[axis] == region[axis]; axis--)
            {
                counters[axis] = 0;
                position -= (region[axis] - 1) * strides[axis];
            }
            if (axis < 0)
            {
                return;
            }
            position += strides[axis];
        }
    }

    /// <summary>What is done with a run of the region, whose elements are a step apart, and its copy.</summary>
    private interface ITransfer<T> where T : unmanaged
    {
        static abstract void Run(T* whole, nint step, T* copy, int count);
    }

    private readonly struct Reading<T> : ITransfer<T> where T : unmanaged
    {
        public static void Run(T* whole, nint step, T* copy, int count)
        {
            if (step == 1)
            {
                new ReadOnlySpan<T>(whole, count).CopyTo(new Span<T>(copy, count));
                return;
            }
            for (int i = 0; i < count; i++)
            {
                copy[i] = whole[i * step];
            }
        }
    }

    private readonly struct Writing<T> : ITransfer<T> where T : unmanaged
    {
        public static void Run(T* whole, nint step, T* copy, int count)
        {
            if (step == 1)
            {
                new ReadOnlySpan<T>(copy, count).CopyTo(new Span<T>(whole, count));
                return;
            }
            for (int i = 0; i < count; i++)
            {
                whole[i * step] = copy[i];
            }
        }
    }

    private readonly struct Adding<T> : ITransfer<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static void Run(T* whole, nint step, T* copy, int count)
        {
            if (step == 1)
            {
                Span<T> run = new(whole, count);
                TensorPrimitives.Add(run, new ReadOnlySpan<T>(copy, count), run);
                return;
            }
            for (int i = 0; i < count; i++)
            {
                whole[i * step] += copy[i];
            }
        }
    }
}
