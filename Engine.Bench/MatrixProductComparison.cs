using System.Diagnostics;
using System.Globalization;
using Engine.Kernels;

namespace Engine.Bench;

/// <summary>
/// Times the float matrix product against OpenBLAS. Each round times every shape once with us and once with the peer, in turn, so the
/// pairs of one shape lie more than a second apart; the median of the pairs' ratios is what counts, since a shared machine shifts both.
/// Words: a number of rounds, and parts of shape names to choose by ("512", "NT").
/// </summary>
internal static unsafe class MatrixProductComparison
{
    private static readonly Shape[] Shapes =
    [
        .. from size in (int[])[32, 64, 128, 256, 512, 1024, 2048] select new Shape(size, size, size, false, false),
        .. from size in (int[])[512, 1024] from form in (bool[])[false, true] select new Shape(size, size, size, !form, form),
        new(1, 512, 784, false, true), new(32, 512, 784, false, true), new(128, 512, 784, false, true), new(128, 512, 784, true, false),
    ];

    public static int Run(string[] words)
    {
        int rounds = 15;
        var names = new List<string>();
        foreach (string word in words)
        {
            if (word.StartsWith("--rounds=", StringComparison.Ordinal)
                && int.TryParse(word.AsSpan(9), CultureInfo.InvariantCulture, out int given) && given > 0)
            {
                rounds = given;
            }
            else
            {
                names.Add(word);
            }
        }
        OpenBlas? peer = OpenBlas.Find();
        Console.WriteLine(peer is null
            ? "OpenBLAS is not installed, so there is no peer (Debian: apt-get install libopenblas0-pthread)."
            : $"Peer: {peer.Name}");
        Measured[] all =
        [
            .. from threads in (int[])[1, 2]
               from shape in Shapes
               where names.Count == 0 || names.Exists(shape.Name.Contains)
               select new Measured(shape, threads),
        ];
        if (all.Length == 0)
        {
            Console.Error.WriteLine($"No shape's name holds any of: {string.Join(", ", names)}.");
            return 2;
        }
        double difference = 0;
        foreach (Measured one in all)
        {
            one.WarmUp(peer);
            difference = Math.Max(difference, one.Difference);
        }
        for (int round = 0; round < rounds; round++)
        {
            long start = Stopwatch.GetTimestamp();
            foreach (Measured one in all)
            {
                one.Pair(peer);
            }
            double left = 1000 - Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            if (left > 0)
            {
                Thread.Sleep((int)left);
            }
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{rounds} pairs; largest difference between the results, relative to the sum of |a·b|: {difference:0.0e+0}"));
        Console.WriteLine($"{"shape",-18} {"threads",7} {"ours GFLOP/s",13} {"peer GFLOP/s",13} {"ours/peer",10}   10–90 %");
        foreach (Measured one in all)
        {
            Console.WriteLine(one.Row());
        }
        return 0;
    }

    private sealed record Shape(int M, int N, int K, bool TransposeA, bool TransposeB)
    {
        public string Name { get; } = $"{M}x{N}x{K} {(TransposeA ? 'T' : 'N')}{(TransposeB ? 'T' : 'N')}";

        public double Operations => 2.0 * M * N * K;
    }

    /// <summary>One row of the table: a shape on a number of threads, with what was measured so far.</summary>
    private sealed class Measured
    {
        private readonly Shape _shape;
        private readonly int _threads;
        private readonly float[] _a, _b, _ours, _peers;
        private readonly List<double> _ourSpeeds = [], _peerSpeeds = [], _ratios = [];
        private int _repeats = 1;

        public Measured(Shape shape, int threads)
        {
            _shape = shape;
            _threads = threads;
            var random = new Random(7);
            _a = Fill(random, shape.M * shape.K);
            _b = Fill(random, shape.K * shape.N);
            _ours = Fill(random, shape.M * shape.N);
            _peers = Fill(random, shape.M * shape.N);
        }

        /// <summary>The largest difference from the peer, relative to Σ|a·b| ≈ k/4 for elements between −1 and 1.</summary>
        public double Difference { get; private set; }

        public void WarmUp(OpenBlas? peer)
        {
            double seconds = double.PositiveInfinity;
            long begin = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(begin).TotalMilliseconds < 250)
            {
                seconds = Math.Min(seconds, Ours()); // the least: another process may have had the core
            }
            _repeats = Math.Max(1, (int)(0.01 / seconds));
            if (peer is not null)
            {
                _ = Peers(peer);
                for (int i = 0; i < _ours.Length; i++)
                {
                    Difference = Math.Max(Difference, Math.Abs(_ours[i] - _peers[i]) / (0.25 * _shape.K));
                }
            }
        }

        public void Pair(OpenBlas? peer)
        {
            _ = Ours(); // each side once untimed: after the other's turn its threads sleep
            double ours = _shape.Operations / Ours() * 1e-9;
            _ourSpeeds.Add(ours);
            if (peer is not null)
            {
                _ = Peers(peer);
                double peers = _shape.Operations / Peers(peer) * 1e-9;
                _peerSpeeds.Add(peers);
                _ratios.Add(ours / peers);
                if (_threads > 1)
                {
                    Thread.Sleep(60); // its threads spin on for some 25 ms and would take our cores
                }
            }
        }

        public string Row()
        {
            string head = string.Create(CultureInfo.InvariantCulture, $"{_shape.Name,-18} {_threads,7} {Quantile(_ourSpeeds, 0.5),13:0.0}");
            if (_ratios.Count == 0)
            {
                return head;
            }
            double peer = Quantile(_peerSpeeds, 0.5);
            string speed = string.Create(CultureInfo.InvariantCulture, $"{peer,13:0.0} {Quantile(_ratios, 0.5),10:0.00}");
            string spread = string.Create(CultureInfo.InvariantCulture, $"{Quantile(_ratios, 0.1):0.00}–{Quantile(_ratios, 0.9):0.00}");
            return $"{head} {speed}   {spread}";
        }

        private double Ours()
        {
            Workers.Count = _threads;
            MatrixProduct.Multiply<float>(_a, _shape.TransposeA, _b, _shape.TransposeB, _ours, _shape.M, _shape.N, _shape.K);
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < _repeats; i++)
            {
                MatrixProduct.Multiply<float>(_a, _shape.TransposeA, _b, _shape.TransposeB, _ours, _shape.M, _shape.N, _shape.K);
            }
            return Stopwatch.GetElapsedTime(start).TotalSeconds / _repeats;
        }

        private double Peers(OpenBlas peer)
        {
            peer.Threads = _threads;
            fixed (float* a = _a, b = _b, c = _peers)
            {
                peer.Multiply(a, _shape.TransposeA, b, _shape.TransposeB, c, _shape.M, _shape.N, _shape.K);
                long start = Stopwatch.GetTimestamp();
                for (int i = 0; i < _repeats; i++)
                {
                    peer.Multiply(a, _shape.TransposeA, b, _shape.TransposeB, c, _shape.M, _shape.N, _shape.K);
                }
                return Stopwatch.GetElapsedTime(start).TotalSeconds / _repeats;
            }
        }

        private static float[] Fill(Random random, int count)
        {
            var values = GC.AllocateUninitializedArray<float>(count, pinned: true);
            for (int i = 0; i < count; i++)
            {
                values[i] = 2 * random.NextSingle() - 1;
            }
            return values;
        }

        private static double Quantile(List<double> values, double q)
        {
            double[] sorted = [.. values.Order()];
            double at = q * (sorted.Length - 1);
            int below = (int)at;
            return below + 1 < sorted.Length ? sorted[below] + (at - below) * (sorted[below + 1] - sorted[below]) : sorted[below];
        }
    }
}
