using System.Numerics;

namespace Engine.Kernels;

/// <summary>Which matrix of an operand belongs to a batch: that of the first or of the second stretched operand, or the batch's own.</summary>
internal enum Walk
{
    First,
    Second,
    Whole,
}

/// <summary>Matrices one after another, each perhaps stored transposed.</summary>
internal readonly ref struct Matrices<T>(ReadOnlySpan<T> values, Walk walk, bool transposed)
{
    public readonly ReadOnlySpan<T> Values = values;
    public readonly Walk Walk = walk;
    public readonly bool Transposed = transposed;
}

/// <summary>Many matrix products of one size, with batch axes that are stretched by NumPy's rule.</summary>
internal static unsafe class BatchedProduct
{
    /// <summary>Below this many multiplications in all, the hand-off to a worker costs more than it saves.</summary>
    private const long Parallel = 1 << 17;

    /// <summary>
    /// c ← op(a)·op(b) for every batch of the shape <paramref name="batch"/>, m×k by k×n. Where several batches share a matrix of c (it walks with a stretched operand),
    /// their products are added in order.
    /// </summary>
    public static void Multiply<T>(ReadOnlySpan<int> first, ReadOnlySpan<int> second, ReadOnlySpan<int> batch, Matrices<T> a, Matrices<T> b, Span<T> c, Walk walk, int m, int n, int k)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int batches = 1;
        foreach (int extent in batch)
        {
            batches *= extent;
        }
        bool shared = c.Length != (long)batches * m * n;
        if (shared || k == 0)
        {
            c.Clear();
        }
        if (batches == 0 || c.IsEmpty || k == 0)
        {
            return;
        }
        Broadcasting plan = new(first, second, batch);
        fixed (T* pa = a.Values, pb = b.Values, pc = c)
        {
            Products<T> products = new(&plan, pa, pb, pc) { WalkA = a.Walk, WalkB = b.Walk, WalkC = walk, TransposedA = a.Transposed, TransposedB = b.Transposed, M = m, N = n, K = k, Add = shared };
            if (!shared && batches >= Workers.Count && (long)m * n * k * batches >= Parallel)
            {
                Workers.Run(ref products, batches);
                return;
            }
            for (int i = 0; i < batches; i++)
            {
                products.Run(i);
            }
        }
    }

    private readonly struct Products<T>(Broadcasting* plan, T* a, T* b, T* c) : IParts where T : unmanaged, IFloatingPointIeee754<T>
    {
        public Walk WalkA { get; init; }

        public Walk WalkB { get; init; }

        public Walk WalkC { get; init; }

        public bool TransposedA { get; init; }

        public bool TransposedB { get; init; }

        public bool Add { get; init; }

        public int M { get; init; }

        public int N { get; init; }

        public int K { get; init; }

        public void Run(int part)
        {
            (int row, int along) = Math.DivRem(part, plan->Inner);
            plan->Offsets(row, out int first, out int second);
            first += plan->RunsA ? along : 0;
            second += plan->RunsB ? along : 0;
            ReadOnlySpan<T> left = new(a + (nint)At(WalkA, first, second, part) * M * K, M * K), right = new(b + (nint)At(WalkB, first, second, part) * K * N, K * N);
            Span<T> result = new(c + (nint)At(WalkC, first, second, part) * M * N, M * N);
            MatrixProduct.Multiply(left, TransposedA, right, TransposedB, result, M, N, K, Add);
        }

        private static int At(Walk walk, int first, int second, int whole) => walk switch
        {
            Walk.First => first,
            Walk.Second => second,
            _ => whole,
        };
    }
}
