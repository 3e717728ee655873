using System.Numerics;

namespace Engine.Kernels;

/// <summary>
/// Whose batch axes a stack of matrices has: those of operand a, those of operand b, or the ones both are broadcast to.
/// </summary>
internal enum BatchShape
{
    A,
    B,
    Broadcast,
}

/// <summary>A stack of matrices of one size, all stored as they are or all transposed.</summary>
internal readonly ref struct BatchedMatrix<T>(ReadOnlySpan<T> values, BatchShape batch, bool transposed)
{
    public readonly ReadOnlySpan<T> Values = values;
    public readonly BatchShape Batch = batch;
    public readonly bool Transposed = transposed;
}

/// <summary>Matrix products of one size over batch axes that are broadcast by NumPy's rule.</summary>
internal static unsafe class BatchedMatrixProduct
{
    /// <summary>Below this many multiplications in all, the hand-off to a worker costs more than it saves.</summary>
    private const long ParallelThreshold = 1 << 17;

    /// <summary>
    /// c ← op(a)·op(b) for every index of the broadcast batch axes <paramref name="batch"/>, m×k by k×n. Products that share a matrix of
    /// c, because c has the batch axes of an operand that was broadcast, are added in order.
    /// </summary>
    public static void Multiply<T>(
        ReadOnlySpan<int> batchA, ReadOnlySpan<int> batchB, ReadOnlySpan<int> batch,
        BatchedMatrix<T> a, BatchedMatrix<T> b, Span<T> c, BatchShape batchC, int m, int n, int k)
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
        Broadcasting plan = new(batchA, batchB, batch);
        fixed (T* pa = a.Values, pb = b.Values, pc = c)
        {
            Products<T> products = new(&plan, pa, pb, pc)
            {
                BatchA = a.Batch,
                BatchB = b.Batch,
                BatchC = batchC,
                TransposedA = a.Transposed,
                TransposedB = b.Transposed,
                M = m,
                N = n,
                K = k,
                Accumulate = shared,
            };
            if (!shared && batches >= Workers.Count && (long)m * n * k * batches >= ParallelThreshold)
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

    /// <summary>One product per task.</summary>
    private readonly struct Products<T>(Broadcasting* plan, T* a, T* b, T* c) : IParallelWork where T : unmanaged, IFloatingPointIeee754<T>
    {
        public BatchShape BatchA { get; init; }

        public BatchShape BatchB { get; init; }

        public BatchShape BatchC { get; init; }

        public bool TransposedA { get; init; }

        public bool TransposedB { get; init; }

        public bool Accumulate { get; init; }

        public int M { get; init; }

        public int N { get; init; }

        public int K { get; init; }

        public void Run(int task)
        {
            (int row, int column) = Math.DivRem(task, plan->Inner);
            plan->Offsets(row, out int indexA, out int indexB);
            indexA += plan->RunsA ? column : 0;
            indexB += plan->RunsB ? column : 0;
            ReadOnlySpan<T> left = new(a + (nint)Index(BatchA, indexA, indexB, task) * M * K, M * K);
            ReadOnlySpan<T> right = new(b + (nint)Index(BatchB, indexA, indexB, task) * K * N, K * N);
            Span<T> result = new(c + (nint)Index(BatchC, indexA, indexB, task) * M * N, M * N);
            MatrixProduct.Multiply(left, TransposedA, right, TransposedB, result, M, N, K, Accumulate);
        }

        private static int Index(BatchShape batch, int indexA, int indexB, int index) => batch switch
        {
            BatchShape.A => indexA,
            BatchShape.B => indexB,
            _ => index,
        };
    }
}
