using Engine.Kernels;
using NUnit.Framework;

namespace Engine.Tests;

/// <summary>The hand-off of work to the threads.</summary>
[NonParallelizable]
internal sealed class WorkersTests
{
    /// <summary>
    /// Catches a wait on the calling thread that an interrupt ends while workers still read its frame, and a hand-off that stays serial
    /// afterwards. The pauses let the workers park, so that they must be woken.
    /// </summary>
    [Test]
    public void An_interrupted_thread_finishes_its_work_and_is_interrupted_afterwards()
    {
        using Threads set = Threads.Set(3);
        float[] x = Samples.Uniform<float>(100_000, 1);
        float expected = Reduction.Sum<float>(x);
        bool right = true, interrupted = false;
        Thread thread = new(() =>
        {
            Thread.CurrentThread.Interrupt();
            for (int i = 0; i < 500; i++)
            {
                right &= Reduction.Sum<float>(x) == expected;
                Thread.SpinWait(40 * i);
            }
            try
            {
                Thread.Sleep(1);
            }
            catch (ThreadInterruptedException)
            {
                interrupted = true;
            }
        });
        thread.Start();
        thread.Join();
        Assert.That((right, interrupted), Is.EqualTo((true, true)), "right sums, and an interrupt that is still pending");
        Assert.That(ThreadsThatTakePart(), Is.GreaterThan(1));
    }

    /// <summary>
    /// Catches threads that take tasks in turn, so that none finds in its cache what it wrote in the call before, and a task that runs
    /// twice or never.
    /// </summary>
    [Test]
    public void Each_thread_begins_with_a_part_of_its_own([Values(2, 3, 4)] int threads, [Values(4, 7, 64)] int tasks)
    {
        using Threads set = Threads.Set(threads);
        FirstTasks work = new(threads, tasks);
        Workers.Run(work, tasks);
        Assert.That(work.First, Is.EquivalentTo(Enumerable.Range(0, threads).Select(part => part * tasks / threads)));
        Assert.That(work.First[0], Is.Zero, "the calling thread's");
        Assert.That(work.Runs, Is.All.EqualTo(1));
    }

    private static int ThreadsThatTakePart()
    {
        Seen work = new();
        // on a busy machine a worker may be late for much work
        for (long start = Environment.TickCount64; work.Threads.Count < 2 && Environment.TickCount64 - start < 20_000;)
        {
            Workers.Run(work, 64);
        }
        return work.Threads.Count;
    }

    /// <summary>Keeps threads in their first task until all have begun, and notes which it was, the caller's at the front.</summary>
    private sealed class FirstTasks(int threads, int tasks) : ParallelWork
    {
        public readonly List<int> First = [];
        public readonly int[] Runs = new int[tasks];
        private readonly HashSet<int> _threads = [];
        private readonly int _caller = Environment.CurrentManagedThreadId;

        internal override void Run(int task)
        {
            Interlocked.Increment(ref Runs[task]);
            lock (_threads)
            {
                int thread = Environment.CurrentManagedThreadId;
                if (_threads.Add(thread))
                {
                    First.Insert(thread == _caller ? 0 : First.Count, task);
                    Monitor.PulseAll(_threads);
                }
                while (_threads.Count < threads && Monitor.Wait(_threads, millisecondsTimeout: 20_000))
                {
                }
            }
        }
    }

    private sealed class Seen : ParallelWork
    {
        public readonly HashSet<int> Threads = [];

        internal override void Run(int task)
        {
            lock (Threads)
            {
                Threads.Add(Environment.CurrentManagedThreadId);
            }
            Thread.SpinWait(2000);
        }
    }
}
